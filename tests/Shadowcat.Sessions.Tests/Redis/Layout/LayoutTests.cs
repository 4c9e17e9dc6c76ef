using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Which keys a session is kept in, and how long they stay.</summary>
public sealed class LayoutTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(20);

    /// <summary>How much later than needed a deadline may be.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Fact]
    public void OnePartition_DefaultPrefix_HasTheKeysOfTheDocuments()
    {
        var layout = new RedisLayout(new RedisSessionStoreOptions().KeyPrefix, [0]);
        var partition = Assert.Single(layout.Partitions);
        var id = new SessionId("abc");

        Assert.Equal("{shadowcat}:session:abc", partition.Session(id).ToString());
        Assert.Equal("{shadowcat}:frames:0123456789abcdef:abc", partition.Frames(id, "0123456789abcdef").ToString());
        Assert.Equal("{shadowcat}:reaped:0123", partition.Reaped("0123").ToString());
        Assert.Equal("{shadowcat}:sessions:active", partition.Active.ToString());
        Assert.Equal("{shadowcat}:sessions:expiry", partition.Expiry.ToString());
        Assert.Equal("{shadowcat}:sessions:index", partition.Index.ToString());
        Assert.Equal("{shadowcat}:operations", partition.Operations.ToString());
        Assert.Equal("shadowcat:layout", RedisLayout.RecordKey("shadowcat").ToString());
    }

    [Fact]
    public async Task Session_OnOnePartition_LivesInAHashAListAndASet()
    {
        var store = Lab.Store(configure: redis => redis.Partitions = 1);
        var session = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        var tag = $"{{{Lab.Prefix}}}";
        Assert.Equal(RedisType.Hash, await Lab.Database.KeyTypeAsync($"{tag}:session:{session.Id}"));
        Assert.Equal(RedisType.List, await Lab.Database.KeyTypeAsync(await Lab.ListKeyAsync(session.Id)));
        Assert.Equal(RedisType.Set, await Lab.Database.KeyTypeAsync($"{tag}:sessions:active"));
        Assert.Equal([session.Id.Value], (await Lab.Database.SetMembersAsync($"{tag}:sessions:active")).Select(id => id.ToString()));
        Assert.Equal(
            new[]
            {
                $"{tag}:frames:{await Lab.TokenAsync(session.Id)}:{session.Id}", $"{tag}:session:{session.Id}", $"{tag}:sessions:active", $"{tag}:sessions:expiry", $"{tag}:sessions:index",
                $"{Lab.Prefix}:layout",
            }.Order(StringComparer.Ordinal),
            await Lab.KeysAsync());
    }

    [Fact]
    public async Task Append_OneByOneAndInBatches_KeepsTheListAsLongAsTheFrameCount()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 40, first: 1), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 41), Ct);

        Assert.Equal(42, await Lab.Database.ListLengthAsync(await Lab.ListKeyAsync(session.Id)));
        Assert.Equal(42, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
    }

    [Theory]
    [InlineData("append", null)]
    [InlineData("touch", null)]
    [InlineData("append", 600)]
    [InlineData("touch", 600)]
    public async Task Activity_Always_GivesBothKeysTheDeadlineOfTheSession(string activity, int? maxLifetimeSeconds)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(
            Make.Session() with { TimeToLive = TimeSpan.FromHours(1), MaxLifetime = maxLifetimeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null }, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        if (activity == "append")
        {
            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        }
        else
        {
            Assert.True(await store.TouchSessionAsync(session.Id, Ct));
        }

        var current = await store.GetSessionAsync(session.Id, Ct);
        Assert.Equal(current!.ExpiresAt, await DeadlineAsync(Lab.Partition.Session(session.Id)), ClockTolerance);
        Assert.Equal(current.ExpiresAt, await DeadlineAsync(await Lab.ListKeyAsync(session.Id)), ClockTolerance);
        if (maxLifetimeSeconds is null)
        {
            Assert.InRange(current.ExpiresAt, current.LastActivity.AddHours(1), current.LastActivity.AddHours(1) + Step);
        }
        else
        {
            Assert.Equal(session.LastActivity.AddSeconds(600), current.ExpiresAt);
        }
    }

    [Fact]
    public async Task Create_Always_GivesTheHashTheDeadlineOfTheSession()
    {
        var session = await Lab.Store().CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(7) }, Ct);

        Assert.Equal(session.ExpiresAt, await DeadlineAsync(Lab.Partition.Session(session.Id)), ClockTolerance);
        Assert.InRange(session.ExpiresAt, session.LastActivity.AddMinutes(7), session.LastActivity.AddMinutes(7) + Step);
    }

    [Fact]
    public async Task Delete_Session_LeavesNothingOfItButRecordsThatEnd()
    {
        var store = Lab.Store(configure: redis => redis.TombstoneTimeToLive = TimeSpan.FromMinutes(3));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));

        Assert.Equal(new[] { Lab.Partition.Operations.ToString(), Lab.Record.ToString() }.Order(StringComparer.Ordinal), await Lab.KeysAsync());
        Assert.Equal(2, await Lab.Database.SortedSetLengthAsync(Lab.Partition.Operations));
        Assert.InRange((await Lab.Database.KeyTimeToLiveAsync(Lab.Partition.Operations))!.Value, TimeSpan.FromMinutes(3), TimeSpan.FromDays(1) + TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Delete_ManySessionsWhoseRecordsAreOld_KeepsTheNewest1000WhateverTheClockSays()
    {
        var store = Lab.Store(configure: redis =>
        {
            redis.OperationTimeout = TimeSpan.FromSeconds(1);
            redis.TombstoneTimeToLive = TimeSpan.FromSeconds(1);
        });
        await store.CountSessionsAsync(Ct);
        await Lab.Database.SortedSetAddAsync(Lab.Partition.Operations, [.. Enumerable.Range(0, 3000).Select(i => new StackExchange.Redis.SortedSetEntry($"old{i:0000}", i))]);

        for (var i = 0; i < 150; i++)
        {
            var session = await store.CreateSessionAsync(Make.Session(), Ct);
            Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
        }

        Assert.InRange(await Lab.Database.SortedSetLengthAsync(Lab.Partition.Operations), 1000, 1020);
        Assert.Null(await Lab.Database.SortedSetScoreAsync(Lab.Partition.Operations, "old0000"));
        Assert.NotNull(await Lab.Database.SortedSetScoreAsync(Lab.Partition.Operations, "old2999"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Reap_1000SessionsLeftToExpire_LeavesOnlyTheLayoutRecord(int partitions)
    {
        var store = Lab.Store(configure: redis => redis.Partitions = partitions);
        var sessions = await Task.WhenAll(Make.Sessions(1000).Select(session => store.CreateSessionAsync(session, Ct).AsTask()));
        await Task.WhenAll(sessions.Take(100).Select(session => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask()));
        var last = (await Task.WhenAll(sessions.Select(
            session => store.UpdateSessionAsync(session with { TimeToLive = TimeSpan.FromMilliseconds(100) }, Ct).AsTask()))).Max(session => session.ExpiresAt);
        await Poll.UntilAsync(async () => new DateTimeOffset(await Lab.Server.TimeAsync()) > last, "the last session has expired");

        Assert.Empty(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        var reaped = await store.ReapExpiredSessionsAsync(Ct);

        Assert.Equal(1000, reaped);
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Equal([Lab.Record.ToString()], await Lab.KeysAsync());
    }

    /// <summary>When a key ends, by the server's clock.</summary>
    private async Task<DateTimeOffset> DeadlineAsync(RedisKey key)
    {
        const string Script = "local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000) + redis.call('PTTL', KEYS[1])";
        return DateTimeOffset.FromUnixTimeMilliseconds((long)await Lab.Database.ScriptEvaluateAsync(Script, [key]));
    }
}
