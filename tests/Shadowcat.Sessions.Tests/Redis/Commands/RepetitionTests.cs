using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A command that is sent again because its reply was lost has the effect of one.</summary>
public sealed class RepetitionTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly SessionStoreOptions Options = new();
    private static readonly RecordLifetimes Records = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));

    [Fact]
    public async Task Create_SentAgain_IsTheSameSession()
    {
        var session = Make.FullSession();

        var created = await CreateAsync(session);
        var before = await Lab.DumpAsync();
        var again = await CreateAsync(session);

        Assert.Equal(created, again);
        Assert.Equal(before, await Lab.DumpAsync());
    }

    [Fact]
    public async Task Create_TogetherWithOthers_EachStandsOrFallsOnItsOwn()
    {
        var there = await Lab.Store().CreateSessionAsync(Make.Session(), Ct);
        var (first, last, foreign) = (Make.Session(), Make.Session(), Make.Session());
        await Lab.Database.StringSetAsync(Lab.Partition.Session(foreign.Id), "somebody else's");
        SessionToCreate[] together = [New(foreign), New(first), New(new Session(there.Id, TransportType.Http)), New(there), New(last)];

        var replies = await CreateSession.AskAsync(Lab.Database, Lab.Partition, together);

        Assert.Equal(["refused", "created", "exists", "same", "created"], replies.Select(reply => (string?)reply[0]));
        Assert.StartsWith("WRONGTYPE", (string?)replies[0][1], StringComparison.Ordinal);
        Assert.Equal([first.Generation, there.Generation, last.Generation], (await Lab.Store().GetSessionsAsync([first.Id, there.Id, last.Id], Ct)).Select(session => session!.Generation));
        Assert.Equal(3, await Lab.Store().CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Create_ManyCallersAtOnce_EachGetsItsOwn()
    {
        var store = Lab.Store();
        var sessions = Enumerable.Range(0, 300).Select(_ => Make.Session()).ToList();
        await Lab.Database.StringSetAsync(Lab.Partition.Session(sessions[123].Id), "somebody else's");

        var creating = sessions.ConvertAll(session => store.CreateSessionAsync(session, Ct).AsTask());
        await Task.WhenAll(creating).WaitAsync(Ct).ContinueWith(static _ => { }, TaskScheduler.Default);

        await Assert.ThrowsAsync<SessionSerializationException>(() => creating[123]);
        for (var i = 0; i < sessions.Count; i++)
        {
            Assert.True(i == 123 || (await creating[i]).Generation == sessions[i].Generation);
        }
    }

    [Fact]
    public async Task Create_SentAgainAfterFramesAndUpdates_UndoesNeither()
    {
        var store = Lab.Store();
        var session = Make.Session();
        var created = await CreateAsync(session);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.UpdateSessionAsync(created with { CloseReason = "done" }, Ct);

        var again = await CreateAsync(session);

        Assert.Equal((1, 2, "done"), (again.FrameCount, again.Version, again.CloseReason));
        Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Create_SentAgainAfterADelete_RevivesNothing()
    {
        var session = Make.Session();
        await CreateAsync(session);
        await new DeleteSession(session.Id, OperationId.New(), Records).RunAsync(Lab.Target);
        var before = await Lab.DumpAsync();

        await Assert.ThrowsAsync<SessionNotFoundException>(() => CreateAsync(session));

        Assert.Equal(before, await Lab.DumpAsync());
        Assert.Equal([Lab.Partition.Operations.ToString()], await Lab.KeysAsync());
    }

    [Fact]
    public async Task Update_SentAgain_CountsOnce()
    {
        var created = await CreateAsync(Make.Session());
        var operation = OperationId.New();
        var change = created with { CloseReason = "done" };

        var updated = await new UpdateSession(change, operation, Options, Records).RunAsync(Lab.Target);
        var again = await new UpdateSession(change, operation, Options, Records).RunAsync(Lab.Target);

        Assert.Equal(2, updated.Version);
        Assert.Equal(updated, again);
    }

    [Fact]
    public async Task Update_SentAgainAfterOthers_SucceedsWithoutUndoingThem()
    {
        var store = Lab.Store();
        var created = await CreateAsync(Make.Session());
        var operation = OperationId.New();
        var change = created with { CloseReason = "first" };
        var current = await new UpdateSession(change, operation, Options, Records).RunAsync(Lab.Target);
        for (var i = 0; i < 30; i++)
        {
            current = await store.UpdateSessionAsync(current with { CloseReason = $"later {i}" }, Ct);
        }

        var again = await new UpdateSession(change, operation, Options, Records).RunAsync(Lab.Target);

        Assert.Equal(current, again);
        Assert.Equal((32, "later 29"), (again.Version, again.CloseReason));
    }

    [Fact]
    public async Task Update_ManyTimes_CostsTheHundredthAsMuchAsTheFirst()
    {
        var store = Lab.Store();
        var current = await store.UpdateSessionAsync(await CreateAsync(Make.Session()), Ct);
        var session = Lab.Partition.Session(current.Id);
        var first = await LongestFieldAsync();

        for (var i = 0; i < 100; i++)
        {
            current = await store.UpdateSessionAsync(current, Ct);
        }

        // Each is recorded for as long as it may be repeated, in a field of its own: no field grows that the next update has to write.
        Assert.Equal(first, await LongestFieldAsync());
        Assert.Equal(101, (await RecordsAsync()).Count);

        async Task<long> LongestFieldAsync() => (await Lab.Database.HashGetAllAsync(session)).Max(field => field.Value.Length());
        async Task<List<HashEntry>> RecordsAsync() => [.. (await Lab.Database.HashGetAllAsync(session)).Where(field => field.Name.StartsWith("update "))];
    }

    [Fact]
    public async Task Update_RecordsOfLongAgo_EndButTheNewestEight()
    {
        var store = Lab.Store();
        var current = await CreateAsync(Make.Session());
        for (var i = 0; i < 20; i++)
        {
            current = await store.UpdateSessionAsync(current, Ct);
        }

        var session = Lab.Partition.Session(current.Id);
        foreach (var record in (await Lab.Database.HashGetAllAsync(session)).Where(field => field.Name.StartsWith("update ")))
        {
            await Lab.Database.HashSetAsync(session, record.Name, $"{record.Value.ToString()[..16]} 1000");
        }

        for (var i = 0; i < 20; i++)
        {
            current = await store.UpdateSessionAsync(current, Ct);
        }

        Assert.Equal(
            Enumerable.Range(22, 20).Select(version => $"update {version}").Order(StringComparer.Ordinal),
            (await Lab.Database.HashKeysAsync(session)).Select(name => name.ToString()).Where(name => name.StartsWith("update ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal("22", await Lab.Database.HashGetAsync(session, "updates"));
    }

    [Theory]
    [InlineData("update")]
    [InlineData("create")]
    public async Task SentAgain_AnotherSessionHasTheIdBeforeItIsRead_AnswersNoOther(string mutation)
    {
        var (store, session) = (Lab.Store(), Make.Session());
        var operation = OperationId.New();
        var created = await CreateAsync(session);
        await new UpdateSession(created, operation, Options, Records).RunAsync(Lab.Target);
        using var proxy = new HoldingProxy(Lab.Configuration);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(proxy.Configuration);
        proxy.HoldBefore("EVAL", passing: 1); // as a connection sends a script for the first time

        var repeating = mutation == "update"
            ? new UpdateSession(created, operation, Options, Records).RunAsync(Lab.TargetOf(connection.GetDatabase()))
            : CreateAsync(session, connection.GetDatabase());
        await Poll.UntilAsync(() => Task.FromResult(proxy.IsHoldingBefore), "the server has said that it was done before, and the session is about to be read");
        await store.DeleteSessionAsync(session.Id, Ct);
        await store.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct);
        proxy.Release();

        var ended = await Assert.ThrowsAnyAsync<SessionStoreException>(() => repeating);
        Assert.True(mutation == "update" ? ended is SessionStoreUnavailableException { OutcomeUnknown: true } : ended is SessionNotFoundException, ended.Message);
    }

    [Fact]
    public async Task DeleteFrames_RecordsOfLongAgo_EndButTheNewestEight()
    {
        var store = Lab.Store();
        var created = await CreateAsync(Make.Session());
        var longAgo = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
        var old = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i:x16}{longAgo:0000000000}{7:0000000000}"));
        await Lab.Database.HashSetAsync(Lab.Partition.Session(created.Id), "ops", old);

        await store.DeleteFramesAsync(created.Id, cancellationToken: Ct);

        var left = (string)(await Lab.Database.HashGetAsync(Lab.Partition.Session(created.Id), "ops"))!;
        Assert.Equal(8 * 36, left.Length);
        Assert.EndsWith(old[..(7 * 36)], left, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3L)]
    public async Task DeleteFrames_SentAgainAfterAnAppend_AnswersTheSameAndTakesNothingMore(long? before)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 6), Ct);
        var step = new DeleteFramesStep();
        var first = await DeleteFrames.RunAsync(Lab.Target, Lab.Partition, session.Id, before ?? long.MaxValue, step, Records, new SessionChangeListeners());
        await store.AddFrameAsync(Make.Frame(session.Id, 6), Ct);

        var again = await DeleteFrames.RunAsync(Lab.Target, Lab.Partition, session.Id, before ?? long.MaxValue, step, Records, new SessionChangeListeners());

        Assert.Equal((before ?? 6, false), first);
        Assert.Equal(first, again);
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), (int)(before ?? 6), 7 - (int)(before ?? 6));
    }

    [Fact]
    public async Task DeleteFrames_UnansweredAndSentAgainInAnotherLife_LeavesThatAlone()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2), Ct);
        var step = new DeleteFramesStep();
        step.Unanswered(new KnownList(await Lab.TokenAsync(session.Id), session.Generation, 0));
        await store.DeleteSessionAsync(session.Id, Ct);
        await store.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        var unknown = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => DeleteFrames.RunAsync(Lab.Target, Lab.Partition, session.Id, long.MaxValue, step, Records, new SessionChangeListeners()));

        Assert.True(unknown.OutcomeUnknown);

        Assert.Equal(1, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Create_SentAgainAfterItsSessionExpired_RevivesNothing()
    {
        var session = Make.Session() with { TimeToLive = TimeSpan.FromMilliseconds(100) };
        await CreateAsync(session);
        await Poll.UntilAsync(async () => !await Lab.Database.KeyExistsAsync(Lab.Partition.Session(session.Id)), "the session has expired");

        await Assert.ThrowsAsync<SessionNotFoundException>(() => CreateAsync(session));
    }

    [Fact]
    public async Task Create_SentAgainAfterAnOutage_RevivesNoSessionThatEndedMeanwhile()
    {
        // Longer than the store by itself repeats a call, but a buffer does so for as long as an outage lasts.
        var session = Make.Session() with { TimeToLive = Records.Repetition * 2 };
        await CreateAsync(session);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(session.Id));

        await Assert.ThrowsAsync<SessionNotFoundException>(() => CreateAsync(session));
    }

    [Theory]
    [InlineData(true, "ended")]
    [InlineData(false, "exists")]
    public async Task Create_SentAgainWhereAnotherSessionHasTheId_SaysWhetherItWasCarriedOut(bool wasCarriedOut, string expected)
    {
        var session = Make.Session();
        if (wasCarriedOut)
        {
            await CreateAsync(session);
            await new DeleteSession(session.Id, OperationId.New(), Records).RunAsync(Lab.Target);
        }

        await CreateAsync(new Session(session.Id, TransportType.Http));

        var reply = await CreateSession.AskAsync(Lab.Database, Lab.Partition, [New(session) with { IsRepeated = true }]);

        Assert.Equal(expected, (string?)reply[0][0]);
    }

    [Fact]
    public async Task Reap_SentAgainBecauseItsReplyWasLost_SaysTheSame()
    {
        await Lab.Store().CountSessionsAsync(Ct);
        await Lab.Database.SortedSetAddAsync(Lab.Partition.Expiry, [new("one", 1), new("two", 1)]);
        var (operation, previous) = (OperationId.New(), OperationId.New());

        var first = await ReapSessions.RunAsync(Lab.Database, Lab.Partition, operation, previous, ["one", "two"]);
        var again = await ReapSessions.RunAsync(Lab.Database, Lab.Partition, operation, previous, ["one", "two"]);
        var next = await ReapSessions.RunAsync(Lab.Database, Lab.Partition, OperationId.New(), operation, ["one", "two"]);

        Assert.Equal([new SessionId("one"), new SessionId("two")], first);
        Assert.Equal(first, again);
        Assert.Empty(next);
        Assert.False(await Lab.Database.KeyExistsAsync(Lab.Partition.Reaped(operation)));
    }

    [Fact]
    public async Task Update_OfAnotherCallerWithTheSameVersion_Conflicts()
    {
        var created = await CreateAsync(Make.Session());
        await new UpdateSession(created, OperationId.New(), Options, Records).RunAsync(Lab.Target);

        var exception = await Assert.ThrowsAsync<SessionConflictException>(
            () => new UpdateSession(created, OperationId.New(), Options, Records).RunAsync(Lab.Target));

        Assert.Equal(2, exception.Current.Version);
    }

    [Fact]
    public async Task Delete_SentAgain_IsTrueBothTimes()
    {
        var session = await CreateAsync(Make.Session());
        var operation = OperationId.New();

        Assert.True(await new DeleteSession(session.Id, operation, Records).RunAsync(Lab.Target));
        Assert.True(await new DeleteSession(session.Id, operation, Records).RunAsync(Lab.Target));
        Assert.False(await new DeleteSession(session.Id, OperationId.New(), Records).RunAsync(Lab.Target));
    }

    [Fact]
    public async Task Delete_SentAgainAfterTheIdWasUsedAnew_LeavesTheNewSession()
    {
        var session = await CreateAsync(Make.Session());
        var operation = OperationId.New();
        Assert.True(await new DeleteSession(session.Id, operation, Records).RunAsync(Lab.Target));
        var anew = await CreateAsync(new Session(session.Id, TransportType.Http));

        Assert.True(await new DeleteSession(session.Id, operation, Records).RunAsync(Lab.Target));

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

    private static SessionToCreate New(Session session) => new(session, FirstSequence: 0, Options, Records, IsRepeated: false);

    private Task<Session> CreateAsync(Session session, IDatabase? database = null) =>
        new CreateSession(session, firstSequence: 0, Options, Records).RunAsync(Lab.TargetOf(database ?? Lab.Database));
}
