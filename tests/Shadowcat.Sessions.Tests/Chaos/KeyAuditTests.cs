using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>The chaos run sees each way in which keys can be left over, or be left without an end; else its silence would mean nothing.</summary>
public sealed class KeyAuditTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly Findings _findings = new();

    [Fact]
    public async Task Check_WhatAStoreMakesAndDeletes_FindsNothing()
    {
        var store = Lab.Store(new SessionStoreOptions { MaxFramesPerSession = 2 });
        var sessions = await LiveAsync(store);

        await Audit().CheckAsync(sessions);
        await store.DeleteSessionAsync(new SessionId(sessions.First()), Ct);
        await Audit().CheckEmptyAsync();

        Assert.Empty(_findings.Descriptions);
    }

    [Theory]
    [InlineData("a session that is none")]
    [InlineData("frames of none")]
    [InlineData("a session without an end")]
    [InlineData("frames without an end")]
    [InlineData("records without an end")]
    [InlineData("what was reaped without an end")]
    [InlineData("a key that nobody knows")]
    [InlineData("an entry of none")]
    [InlineData("an entry that is missing")]
    public async Task Check_AnythingElse_Finds(string damage)
    {
        var store = Lab.Store();
        var sessions = await LiveAsync(store);
        var (partition, id, other) = (Lab.Partition, new SessionId(sessions.First()), SessionId.New());
        Task damaging = damage switch
        {
            "a session that is none" => Lab.Database.HashSetAsync(partition.Session(other), "ver", 1),
            "frames of none" => Lab.Database.ListRightPushAsync(partition.Frames(other, FencingToken.New()), "frame"),
            "a session without an end" => Lab.Database.KeyPersistAsync(partition.Session(id)),
            "frames without an end" => Lab.Database.KeyPersistAsync(await Lab.ListKeyAsync(id)),
            "records without an end" => Task.WhenAll(Lab.Database.SortedSetAddAsync(partition.Operations, other.Value, 1), Lab.Database.KeyPersistAsync(partition.Operations)),
            "what was reaped without an end" => Lab.Database.ListRightPushAsync(partition.Reaped(OperationId.New()), other.Value),
            "a key that nobody knows" => Lab.Database.StringSetAsync($"{Lab.Prefix}:other", "1"),
            "an entry of none" => Lab.Database.SetAddAsync(partition.Active, other.Value),
            _ => Lab.Database.SetRemoveAsync(partition.Active, id.Value),
        };
        await damaging;

        await Audit().CheckAsync(sessions);

        Assert.Equal(Breach.Orphan, Assert.Single(_findings.Counts).Key);
    }

    [Fact]
    public async Task CheckEmpty_AnythingLeft_Finds()
    {
        await LiveAsync(Lab.Store());

        await Audit().CheckEmptyAsync();

        Assert.True(_findings.Of(Breach.Orphan) > 0);
    }

    private KeyAudit Audit() => new(Lab.Connection, Lab.Prefix, _findings);

    /// <summary>A session that lives, with frames, and one that was deleted.</summary>
    private static async Task<HashSet<string>> LiveAsync(RedisSessionStore store)
    {
        var gone = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.DeleteSessionAsync(gone.Id, Ct);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        return [session.Id.Value];
    }
}
