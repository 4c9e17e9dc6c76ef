using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A command that is sent again because its reply was lost has the effect of one.</summary>
public sealed class RepetitionTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly SessionStoreOptions Options = new();
    private static readonly TimeSpan TombstoneTimeToLive = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Create_SentAgain_IsTheSameSession()
    {
        var session = Make.FullSession();

        var created = await CreateSession.RunAsync(Lab.Database, Lab.Partition, session, firstSequence: 0, Options);
        var before = await Lab.DumpAsync();
        var again = await CreateSession.RunAsync(Lab.Database, Lab.Partition, session, firstSequence: 0, Options);

        Assert.Equal(created, again);
        Assert.Equal(before, await Lab.DumpAsync());
    }

    [Fact]
    public async Task Create_SentAgainAfterFramesAndUpdates_UndoesNeither()
    {
        var store = Lab.Store();
        var session = Make.Session();
        var created = await CreateSession.RunAsync(Lab.Database, Lab.Partition, session, firstSequence: 0, Options);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.UpdateSessionAsync(created with { CloseReason = "done" }, Ct);

        var again = await CreateSession.RunAsync(Lab.Database, Lab.Partition, session, firstSequence: 0, Options);

        Assert.Equal((1, 2, "done"), (again.FrameCount, again.Version, again.CloseReason));
        Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Create_SentAgainAfterADelete_RevivesNothing()
    {
        var session = Make.Session();
        await CreateSession.RunAsync(Lab.Database, Lab.Partition, session, firstSequence: 0, Options);
        await DeleteSession.RunAsync(Lab.Database, Lab.Partition, session.Id, DeleteSession.NewOperation(), TombstoneTimeToLive);
        var before = await Lab.DumpAsync();

        await Assert.ThrowsAsync<SessionNotFoundException>(() => CreateSession.RunAsync(Lab.Database, Lab.Partition, session, firstSequence: 0, Options));

        Assert.Equal(before, await Lab.DumpAsync());
        Assert.Equal([Lab.Partition.Tombstone(session.Id).ToString()], await Lab.KeysAsync());
    }

    [Fact]
    public async Task Update_SentAgain_CountsOnce()
    {
        var created = await CreateSession.RunAsync(Lab.Database, Lab.Partition, Make.Session(), firstSequence: 0, Options);
        var operation = UpdateSession.NewOperation();
        var change = created with { CloseReason = "done" };

        var updated = await UpdateSession.RunAsync(Lab.Database, Lab.Partition, change, operation, Options);
        var again = await UpdateSession.RunAsync(Lab.Database, Lab.Partition, change, operation, Options);

        Assert.Equal(2, updated.Version);
        Assert.Equal(updated, again);
    }

    [Fact]
    public async Task Update_SentAgainAfterOthers_SucceedsWithoutUndoingThem()
    {
        var store = Lab.Store();
        var created = await CreateSession.RunAsync(Lab.Database, Lab.Partition, Make.Session(), firstSequence: 0, Options);
        var operation = UpdateSession.NewOperation();
        var change = created with { CloseReason = "first" };
        var current = await UpdateSession.RunAsync(Lab.Database, Lab.Partition, change, operation, Options);
        for (var i = 0; i < 7; i++)
        {
            current = await store.UpdateSessionAsync(current with { CloseReason = $"later {i}" }, Ct);
        }

        var again = await UpdateSession.RunAsync(Lab.Database, Lab.Partition, change, operation, Options);

        Assert.Equal(current, again);
        Assert.Equal((9, "later 6"), (again.Version, again.CloseReason));

        // Eight operations are remembered; after a ninth nothing can be told of the first any more, so it is a conflict.
        await store.UpdateSessionAsync(current, Ct);
        await Assert.ThrowsAsync<SessionConflictException>(() => UpdateSession.RunAsync(Lab.Database, Lab.Partition, change, operation, Options));
    }

    [Fact]
    public async Task Update_OfAnotherCallerWithTheSameVersion_Conflicts()
    {
        var created = await CreateSession.RunAsync(Lab.Database, Lab.Partition, Make.Session(), firstSequence: 0, Options);
        await UpdateSession.RunAsync(Lab.Database, Lab.Partition, created, UpdateSession.NewOperation(), Options);

        var exception = await Assert.ThrowsAsync<SessionConflictException>(
            () => UpdateSession.RunAsync(Lab.Database, Lab.Partition, created, UpdateSession.NewOperation(), Options));

        Assert.Equal(2, exception.Current.Version);
    }

    [Fact]
    public async Task Delete_SentAgain_IsTrueBothTimes()
    {
        var session = await CreateSession.RunAsync(Lab.Database, Lab.Partition, Make.Session(), firstSequence: 0, Options);
        var operation = DeleteSession.NewOperation();

        Assert.True(await DeleteSession.RunAsync(Lab.Database, Lab.Partition, session.Id, operation, TombstoneTimeToLive));
        Assert.True(await DeleteSession.RunAsync(Lab.Database, Lab.Partition, session.Id, operation, TombstoneTimeToLive));
        Assert.False(await DeleteSession.RunAsync(Lab.Database, Lab.Partition, session.Id, DeleteSession.NewOperation(), TombstoneTimeToLive));
    }

    [Fact]
    public async Task Delete_SentAgainAfterTheIdWasUsedAnew_LeavesTheNewSession()
    {
        var session = await CreateSession.RunAsync(Lab.Database, Lab.Partition, Make.Session(), firstSequence: 0, Options);
        var operation = DeleteSession.NewOperation();
        Assert.True(await DeleteSession.RunAsync(Lab.Database, Lab.Partition, session.Id, operation, TombstoneTimeToLive));
        var anew = await CreateSession.RunAsync(Lab.Database, Lab.Partition, new Session(session.Id, TransportType.Http), firstSequence: 0, Options);

        Assert.True(await DeleteSession.RunAsync(Lab.Database, Lab.Partition, session.Id, operation, TombstoneTimeToLive));

        Assert.Equal(anew, await ReadSessions.RunAsync(Lab.Database, Lab.Partition, Operations.GetSession, session.Id));
    }

    [Fact]
    public async Task ScriptsFlushed_EveryOperation_GoesOn()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var store = lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        async Task<T> FlushedAsync<T>(ValueTask<T> operation)
        {
            var result = await operation;
            await lab.Server.ScriptFlushAsync();
            return result;
        }

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(round + 1, (await FlushedAsync(store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(9) }, Ct))).Version + round);
            Assert.Equal(1 + round, await FlushedAsync(store.AddFrameAsync(Make.Frame(session.Id), Ct)));
            session = await FlushedAsync(store.UpdateSessionAsync(session, Ct));
            Assert.True(await FlushedAsync(store.TouchSessionAsync(session.Id, Ct)));
            Assert.Equal(2 + round, await FlushedAsync(store.CountSessionsAsync(Ct)));
            Assert.Equal(0, await FlushedAsync(store.DeleteFramesAsync(session.Id, 0, Ct)));
        }

        Assert.True(await FlushedAsync(store.DeleteSessionAsync(session.Id, Ct)));
    }
}
