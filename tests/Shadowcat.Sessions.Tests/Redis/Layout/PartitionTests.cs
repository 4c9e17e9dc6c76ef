using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>How sessions are spread over partitions and partitions over a cluster. What is pinned here is stored on servers: it never changes.</summary>
public sealed class PartitionTests
{
    // Made with another implementation of XXH32, over the ids in UTF-16, little-endian.
    [Theory]
    [InlineData("a", 2, 13, 82, 3922)]
    [InlineData("session-1", 2, 7, 146, 1682)]
    [InlineData("0197c8f0a1b27c3d8e4f5a6b7c8d9e0f", 14, 5, 110, 1390)]
    [InlineData("sessions:active", 1, 0, 161, 161)]
    [InlineData("{}:*?", 3, 10, 195, 3779)]
    public void PartitionOf_KnownId_IsTheKnownPartition(string id, int of16, int of17, int of256, int of4096)
    {
        Assert.Equal(0, PartitionOf(id, 1));
        Assert.Equal(of16, PartitionOf(id, 16));
        Assert.Equal(of17, PartitionOf(id, 17));
        Assert.Equal(of256, PartitionOf(id, 256));
        Assert.Equal(of4096, PartitionOf(id, 4096));
    }

    [Fact]
    public void PartitionOf_ManyMintedIds_IsSpreadEvenly()
    {
        var layout = new RedisLayout("p", [.. Enumerable.Range(0, 16)]);

        var counts = Enumerable.Range(0, 16_000).CountBy(_ => layout.PartitionOf(SessionId.New()).Number).Select(count => count.Value).ToList();

        // Six standard deviations of a fair draw.
        Assert.Equal(16, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 1000 - 190, 1000 + 190));
    }

    [Theory]
    [InlineData("shadowcat", 256)]
    [InlineData("shadowcat", 4096)]
    [InlineData("a", 256)]
    [InlineData("Some.Longer_prefix-with:colons", 256)]
    public void Choose_OnACluster_SpreadsPartitionsEvenlyOverNodes(string prefix, int partitions)
    {
        const int Nodes = 12;
        var perNode = new int[Nodes];
        foreach (var tag in PartitionTags.Choose(prefix, partitions))
        {
            perNode[(long)PartitionTags.SlotOf($"{prefix}:{tag}") * Nodes / PartitionTags.Slots]++;
        }

        Assert.InRange(perNode.Max() / (partitions / (double)Nodes), 1.0, 1.05);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(4096)]
    public void Choose_AnyNumber_GivesAsManyDifferentTagsAndAlwaysTheSame(int partitions)
    {
        var tags = PartitionTags.Choose("shadowcat", partitions);

        Assert.Equal(partitions, tags.Distinct().Count());
        Assert.All(tags, tag => Assert.True(tag >= 0));
        Assert.Equal(tags, PartitionTags.Choose("shadowcat", partitions));
    }

    [Fact]
    public void Choose_EightPartitions_LieInTheirRangesOfSlots()
    {
        var tags = PartitionTags.Choose("shadowcat", 8);

        Assert.Equal(Enumerable.Range(0, 8), tags.Select(tag => PartitionTags.SlotOf($"shadowcat:{tag}") / (PartitionTags.Slots / 8)));
    }

    [Theory]
    [InlineData("123456789", 0x31C3)] // the check value of CRC-16/XMODEM, below 16384
    [InlineData("", 0)]
    [InlineData("foo", 12182)] // CLUSTER KEYSLOT foo, of the cluster specification
    public void SlotOf_KnownTag_IsItsCrc16(string tag, int slot)
    {
        Assert.Equal(slot, PartitionTags.SlotOf(tag));
    }

    [Fact]
    public async Task SlotOf_AnyTag_IsWhatTheServerSays()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--cluster-enabled", "yes");
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{server.Configuration},allowAdmin=true");
        var node = connection.GetServers()[0];

        foreach (var prefix in new[] { "shadowcat", "a.b-c_d:e" })
        {
            foreach (var tag in PartitionTags.Choose(prefix, 16))
            {
                var text = $"{prefix}:{tag}";
                Assert.Equal((int)await node.ExecuteAsync("CLUSTER", "KEYSLOT", $"{{{text}}}:session:{{other}}"), PartitionTags.SlotOf(text));
            }
        }
    }

    private static int PartitionOf(string id, int partitions) =>
        new RedisLayout("p", [.. Enumerable.Range(0, partitions)]).PartitionOf(new SessionId(id)).Number;
}
