using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>An id is data: whatever it looks like, it reaches the keys of its own session and no others.</summary>
public sealed class HostileIdTests(RedisFixture redis) : SharedServerTest(redis)
{
    public static TheoryData<string> Ids { get; } = new(
        "{", "}", "{}", "{other}", ":", "::", "*", "?", "[a-z]", "\\", "\"", "'", "sessions:active", "sessions:expiry", "layout", "}:session:victim",
        "victim:session", "..", "-inf", "+", "(victim", "[victim", new string('{', 256), new string('~', 256));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task WholeLife_AnyId_TouchesItsOwnKeysOnly(string value)
    {
        var store = Lab.Store(configure: redis => redis.Partitions = 1);
        foreach (var bystander in new[] { "victim", "other", "active", "a" })
        {
            var session = await store.CreateSessionAsync(new Session(new SessionId(bystander), TransportType.Http), Ct);
            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        }

        var id = new SessionId(value);
        var before = await DumpAsync();
        var keys = await Lab.KeysAsync();

        var created = await store.CreateSessionAsync(new Session(id, TransportType.Stdio), Ct);
        await store.AddFramesAsync(id, Make.Frames(id, 3), Ct);
        Assert.True(await store.TouchSessionAsync(id, Ct));
        await store.UpdateSessionAsync(created with { CloseReason = "done" }, Ct);
        Assert.Equal(3, await store.CountFramesAsync(id, Ct));
        Assert.Equal(
            new[] { (await Lab.ListKeyAsync(id)).ToString(), Lab.Partition.Session(id).ToString() }.Order(StringComparer.Ordinal), (await Lab.KeysAsync()).Except(keys));
        Assert.Equal($"{{{Lab.Prefix}}}:session:{value}", Lab.Partition.Session(id).ToString());
        Assert.Equal(1, await store.DeleteFramesAsync(id, 1, Ct));
        Assert.Contains(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct), session => session.Id == id);
        Assert.True(await store.DeleteSessionAsync(id, Ct));

        Assert.Equal(before, await DumpAsync());
    }

    [Fact]
    public async Task Id_ThatSpellsTheListOfAnother_LeavesItsFramesAlone()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(new Session(new SessionId("v"), TransportType.Stdio), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        await store.DeleteFramesAsync(session.Id, 1, Ct);
        var token = await Lab.TokenAsync(session.Id);

        foreach (var hostile in new[] { $"v:{token}", $"{token}:v", $":{token}:v" })
        {
            var id = new SessionId(hostile);
            await store.CreateSessionAsync(new Session(id, TransportType.Stdio), Ct);
            await store.AddFrameAsync(Make.Frame(id), Ct);
            Assert.Equal(1, await store.DeleteFramesAsync(id, cancellationToken: Ct));
            Assert.True(await store.DeleteSessionAsync(id, Ct));
        }

        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 1, 2);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Keys_OnAnyPartition_StayInTheSlotOfThePartition(string value)
    {
        var layout = new RedisLayout("shadowcat", PartitionTags.Choose("shadowcat", 16));
        var id = new SessionId(value);
        var partition = layout.PartitionOf(id);

        foreach (var key in new[] { partition.Session(id), partition.Frames(id, FencingToken.New()) })
        {
            Assert.Equal(Lab.Connection.HashSlot(partition.Active), Lab.Connection.HashSlot(key));
        }
    }

    /// <summary>Everything but the idempotency records, which are of all sessions.</summary>
    private async Task<string[]> DumpAsync() =>
        [.. (await Lab.DumpAsync()).Where(line => !line.StartsWith(Lab.Partition.Operations.ToString(), StringComparison.Ordinal))];
}
