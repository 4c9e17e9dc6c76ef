using System.Collections.Concurrent;
using System.Text;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Servers that go and come back: calls fail at once in between, what is refused is not done, and nobody has to restart anything.</summary>
public sealed class RedisOutageTests : IDisposable
{
    private readonly CollectingLogger _logger = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_KilledAndStarted_FailsEveryCallAtOnceAndIsLoggedOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var store = Store(server.Configuration, redis => redis.OperationTimeout = TimeSpan.FromSeconds(2));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        Assert.Null(store.Outage);

        await server.StopAsync();
        await BreakAsync(store, session.Id);
        foreach (var (operation, call) in FaultTests.Calls)
        {
            var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => call(store, session.Id));
            Assert.Contains("the circuit is open", exception.Message, StringComparison.Ordinal);
            Assert.False(exception.OutcomeUnknown);
            Assert.Equal(operation, exception.Operation);
        }

        Assert.False(store.Outage!.IsPartial);
        Assert.True(store.Outage.FailedCalls >= FaultTests.Calls.Count);
        Assert.Equal(1, Logged(20));
        Assert.Equal(0, Logged(21));

        // Nobody calls: the probe finds out.
        await server.StartAsync();
        await Poll.UntilAsync(() => Task.FromResult(store.Outage is null), "the store has noticed that the server is back");
        Assert.Equal(1, await store.AddFrameAsync(Make.Frame(session.Id, 1), Ct));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 2);
        Assert.Equal(1, Logged(20));
        Assert.Equal(1, Logged(21));
    }

    [Fact]
    public async Task Server_Frozen_RefusesOnlyWhatWasNotSent()
    {
        const int Writers = 8;
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = Store(server.Configuration, redis => redis.OperationTimeout = TimeSpan.FromMilliseconds(400));
        var sessions = await PrepareAsync(server, store, Writers);
        var ends = new ConcurrentDictionary<string, Exception?>();
        var thawed = false;

        // Each writer goes on until one of its appends has succeeded after the freeze.
        async Task WriteAsync(SessionId id)
        {
            for (var i = 0; ; i++)
            {
                var (wasThawed, payload) = (Volatile.Read(ref thawed), $$"""{"jsonrpc":"2.0","method":"{{id}}/{{i}}"}""");
                var frame = new MessageEnvelope(id, MessageDirection.Internal, TransportType.Stdio, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UnixEpoch);
                ends[payload] = await Record.ExceptionAsync(() => store.AddFrameAsync(frame, Ct).AsTask());
                if (wasThawed && ends[payload] is null)
                {
                    return;
                }

                await Task.Yield();
            }
        }

        var writing = Task.WhenAll(sessions.Select(session => Task.Run(() => WriteAsync(session.Id), Ct)));
        await server.PauseAsync();
        try
        {
            await Poll.UntilAsync(() => Task.FromResult(store.Outage is not null), "appends alone have opened the circuit");
            var refused = ends.Values.Count(IsRefused);
            await Poll.UntilAsync(() => Task.FromResult(ends.Values.Count(IsRefused) > refused), "appends are refused");
        }
        finally
        {
            await server.ContinueAsync();
        }

        await Poll.UntilAsync(() => Task.FromResult(store.Outage is null), "the store has noticed that the server goes on");
        Volatile.Write(ref thawed, true);
        await writing.WaitAsync(Poll.DefaultDeadline, Ct);

        var stored = new List<string>();
        foreach (var session in sessions)
        {
            stored.AddRange(await store.GetFramesAsync(session.Id, cancellationToken: Ct).Select(frame => Encoding.UTF8.GetString(frame.Payload.Span)).ToListAsync(Ct));
        }

        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ends.Where(end => end.Value is null), end => Assert.Contains(end.Key, stored));
        Assert.DoesNotContain(stored, payload => IsRefused(ends[payload]));
        Assert.All(ends.Values, end => Assert.True(end is null or SessionTimeoutException or SessionStoreUnavailableException, $"{end}"));
        Assert.Contains(ends.Values, end => end is SessionTimeoutException or SessionStoreUnavailableException { OutcomeUnknown: true });
        Assert.Equal(Logged(20), Logged(21));
    }

    [Fact]
    public async Task Server_Frozen_HangsNobodyAndTellsEachItsOwnTimeout()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        var (other, read, write, list) = (TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(500));
        await using var store = Store(
            server.Configuration,
            redis => (redis.OperationTimeout, redis.ReadTimeout, redis.WriteTimeout, redis.ListTimeout, redis.BreakerEnabled) = (other, read, write, list, false));
        var session = (await PrepareAsync(server, store, 1))[0];

        await server.PauseAsync();
        try
        {
            var ends = await Task.WhenAll(FaultTests.Calls.Select(async call => (call.Key, Exception: await Record.ExceptionAsync(() => call.Value(store, session.Id)))))
                .WaitAsync(Poll.DefaultDeadline, Ct);
            Assert.All(ends, end => Assert.Equal(
                end.Key switch
                {
                    "GetSession" or "GetSessions" or "GetFrames" or "BorrowFrames" or "CountFrames" => read,
                    "ListSessions" or "CountSessions" or "ReapExpiredSessions" => list,
                    _ => write,
                },
                Assert.IsType<SessionTimeoutException>(end.Exception).Timeout));
        }
        finally
        {
            await server.ContinueAsync();
        }
    }

    [Fact]
    public async Task Server_NotThereAtFirst_IsFoundWhenItComes()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await server.StopAsync();
        await using var store = Store(server.Configuration, redis => redis.OperationTimeout = TimeSpan.FromSeconds(1));
        var id = new SessionId("a");

        await BreakAsync(store, id);
        Assert.Equal(1, Logged(20));

        await server.StartAsync();
        await Poll.UntilAsync(() => Task.FromResult(store.Outage is null), "the store has connected");
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        Assert.Equal(1, Logged(21));
    }

    [Fact]
    public async Task Calls_RefusedForWhatIsNoOutage_NeverOpenTheCircuit()
    {
        const int Times = 20;
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await Account.GrantAsync(lab.Server, "limited", "~*", "&*", "+@all");
        await using var store = Store($"{server.Configuration},user=limited,password=pass");
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        // Without it from the start, the store would not have connected.
        await lab.Server.ExecuteAsync("ACL", "SETUSER", "limited", "-llen");
        await lab.Database.StringSetAsync(new RedisLayout("shadowcat", [0]).Partitions[0].Session(new SessionId("damaged")), "no hash");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        for (var i = 0; i < Times; i++)
        {
            await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.GetSessionAsync(session.Id, Ct).AsTask());
            await Assert.ThrowsAsync<SessionSerializationException>(() => store.AddFrameAsync(Make.Frame(new SessionId("damaged")), Ct).AsTask());
            await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFrameAsync(Make.Frame(new SessionId("gone")), Ct).AsTask());
            await Assert.ThrowsAsync<SessionAlreadyExistsException>(() => store.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct).AsTask());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.TouchSessionAsync(session.Id, cancelled.Token).AsTask());
        }

        await lab.Server.ConfigSetAsync("maxmemory", "1");
        for (var i = 0; i < Times; i++)
        {
            await Assert.ThrowsAsync<SessionLimitExceededException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        }

        Assert.Null(store.Outage);
        Assert.Equal(0, Logged(20));
        Assert.True(await store.TouchSessionAsync(session.Id, Ct));
    }

    public void Dispose() => _logger.Dispose();

    private static bool IsRefused(Exception? end) => end is SessionStoreUnavailableException { OutcomeUnknown: false };

    /// <summary>Sessions made by a store that waits for a slow machine; the store under test is connected.</summary>
    private async Task<Session[]> PrepareAsync(RedisServer server, RedisSessionStore store, int count)
    {
        await using var patient = Store(server.Configuration, redis => redis.OperationTimeout = TimeSpan.FromSeconds(30));
        var sessions = await Task.WhenAll(Make.Sessions(count).Select(session => patient.CreateSessionAsync(session, Ct).AsTask()));
        await Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.TouchSessionAsync(sessions[0].Id, Ct).AsTask()) is null, "the store under test is connected");
        return sessions;
    }

    /// <summary>Calls until the circuit is open.</summary>
    private static Task BreakAsync(RedisSessionStore store, SessionId id) => Poll.UntilAsync(
        async () =>
        {
            var exception = await Assert.ThrowsAnyAsync<SessionStoreException>(() => store.GetSessionAsync(id, Ct).AsTask());
            Assert.True(exception is SessionStoreUnavailableException or SessionTimeoutException, $"{exception}");
            return store.Outage is not null;
        },
        "the circuit is open",
        TimeSpan.FromSeconds(60));

    private RedisSessionStore Store(string configuration, Action<RedisSessionStoreOptions>? configure = null)
    {
        var redis = new RedisSessionStoreOptions { Configuration = configuration };
        configure?.Invoke(redis);
        return new RedisSessionStore(redis, logger: _logger.For<RedisSessionStore>());
    }

    private int Logged(int eventId) => _logger.Entries.Count(entry => entry.Id.Id == eventId);
}
