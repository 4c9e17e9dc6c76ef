using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What goes wrong with a server is said in the terms of the contract, within the operation timeout, and leaves nothing half written.</summary>
public sealed class FaultTests
{
    /// <summary>Every call of the contract, by its operation.</summary>
    internal static readonly Dictionary<string, Func<ISessionStore, SessionId, Task>> Calls = new(StringComparer.Ordinal)
    {
        ["CreateSession"] = (store, _) => store.CreateSessionAsync(Make.Session(), Ct).AsTask(),
        ["GetSession"] = (store, id) => store.GetSessionAsync(id, Ct).AsTask(),
        ["GetSessions"] = (store, id) => store.GetSessionsAsync([id], Ct).AsTask(),
        ["UpdateSession"] = (store, id) => store.UpdateSessionAsync(new Session(id, TransportType.Http) { Version = 1 }, Ct).AsTask(),
        ["DeleteSession"] = (store, id) => store.DeleteSessionAsync(id, Ct).AsTask(),
        ["TouchSession"] = (store, id) => store.TouchSessionAsync(id, Ct).AsTask(),
        ["ListSessions"] = (store, _) => store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct).AsTask(),
        ["CountSessions"] = (store, _) => store.CountSessionsAsync(Ct).AsTask(),
        ["AddFrame"] = (store, id) => store.AddFrameAsync(Make.Frame(id), Ct).AsTask(),
        ["AddFrames"] = (store, id) => store.AddFramesAsync(id, Make.Frames(id, 3), Ct).AsTask(),
        ["GetFrames"] = (store, id) => store.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct).AsTask(),
        ["BorrowFrames"] = (store, id) => store.BorrowFramesAsync(id, cancellationToken: Ct).GetAsyncEnumerator(Ct).MoveNextAsync().AsTask(),
        ["CountFrames"] = (store, id) => store.CountFramesAsync(id, Ct).AsTask(),
        ["DeleteFrames"] = (store, id) => store.DeleteFramesAsync(id, cancellationToken: Ct).AsTask(),
        ["ReapExpiredSessions"] = (store, _) => store.ReapExpiredSessionsAsync(Ct).AsTask(),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> EveryCall => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(EveryCall))]
    public void Translate_NoAnswer_IsOfUnknownOutcomeForWhatChangesSomethingAndForNothingElse(string operation)
    {
        var changes = operation is not ("GetSession" or "GetSessions" or "ListSessions" or "CountSessions" or "GetFrames" or "BorrowFrames" or "FollowFrames" or "CountFrames");
        var broken = Assert.IsType<SessionStoreUnavailableException>(RedisFaults.Translate(
            new RedisConnectionException(ConnectionFailureType.SocketClosed, CommandFlags.None, "closed", null, CommandStatus.Sent), operation, null, TimeSpan.FromSeconds(1)));
        var silent = Assert.IsType<SessionTimeoutException>(RedisFaults.Translate(new TimeoutException(), operation, null, TimeSpan.FromSeconds(1)));

        Assert.Equal((changes, changes), (broken.OutcomeUnknown, broken.Message.Contains("unknown", StringComparison.Ordinal)));
        Assert.Equal(changes, silent.Message.Contains("unknown", StringComparison.Ordinal));
    }

    [Fact]
    public void Translate_ScriptThatRunsTooLong_SaysWhatEndsIt()
    {
        var busy = Assert.IsType<SessionStoreUnavailableException>(RedisFaults.Translate(
            new RedisServerException(default, CommandFlags.None, "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."), "AddFrame", null, TimeSpan.FromSeconds(1)));

        Assert.Contains("SCRIPT KILL", busy.Message, StringComparison.Ordinal);
        Assert.False(busy.OutcomeUnknown);
    }

    [Fact]
    public async Task OldServer_AnyCall_NamesItsVersionAndTheOldestThatWorks()
    {
        await using var server = FakeRespServer.Start("5.0.14");
        await using var store = Store(server.Configuration);

        await AllFailAsync<SessionStoreConfigurationException>(store, exception =>
        {
            Assert.Contains("5.0.14", exception.Message, StringComparison.Ordinal);
            Assert.Contains("6.0", exception.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData(",password=wrong")]
    [InlineData(",user=nobody,password=secret")]
    public async Task Credentials_WrongOrMissing_AreRefusedAsConfiguration(string credentials)
    {
        await using var server = await RedisServer.StartDedicatedAsync("--requirepass", "secret");
        await using var lab = await RedisLab.OpenAsync($"{server.Configuration},password=secret");
        await using var store = Store(server.Configuration + credentials);

        await AllFailAsync<SessionStoreConfigurationException>(store, exception => Assert.Contains("credentials", exception.Message, StringComparison.Ordinal));

        Assert.Equal(0, await lab.Server.DatabaseSizeAsync());
    }

    [Theory]
    [InlineData("-evalsha -eval", "CreateSession")]
    [InlineData("-hset", "CreateSession")]
    [InlineData("-hset", "UpdateSession")]
    [InlineData("-hset", "TouchSession")]
    [InlineData("-hmget", "AddFrame")]
    [InlineData("-rpush", "AddFrame")]
    [InlineData("-hmget", "GetSession")]
    [InlineData("-unlink", "DeleteSession")]
    [InlineData("-zrange", "ListSessions")]
    public async Task Permission_Missing_IsRefusedAsConfigurationAndWritesNothing(string rights, string operation)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var session = await lab.Store().CreateSessionAsync(Make.Session(), Ct);
        await Account.GrantAsync(lab.Server, "limited", "~*", "&*", "+@all");
        var store = lab.Store($"{server.Configuration},user=limited,password=pass");

        // A store that lacks it from the start does not connect.
        await store.CountSessionsAsync(Ct);
        await lab.Server.ExecuteAsync("ACL", ["SETUSER", "limited", .. rights.Split(' ')]);
        var before = await lab.DumpAsync();

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(
            () => operation == "UpdateSession" ? store.UpdateSessionAsync(session, Ct).AsTask() : Calls[operation](store, session.Id));

        Assert.Contains("permit", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.DumpAsync());
    }

    [Fact]
    public async Task Host_NotThere_IsUnavailableAndNothingWasDone()
    {
        await using var store = Store($"127.0.0.1:{LoopbackPort.NextFree()}");

        await AllFailAsync<SessionStoreUnavailableException>(store, exception => Assert.False(exception.OutcomeUnknown));
    }

    [Fact]
    public async Task Host_ThatNeverAnswers_IsUnavailableOrTimesOut()
    {
        using var server = new SilentServer();
        await using var store = Store(server.Configuration, TimeSpan.FromMilliseconds(400));

        foreach (var (operation, call) in Calls)
        {
            var exception = await Assert.ThrowsAnyAsync<SessionStoreException>(() => call(store, new SessionId("a")));
            Assert.True(exception is SessionStoreUnavailableException or SessionTimeoutException, $"{operation}: {exception}");
            Assert.Equal(operation, exception.Operation);
        }
    }

    [Fact]
    public async Task Server_Full_RefusesToGrowAndNothingElse()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var store = lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var other = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);
        await lab.Server.ConfigSetAsync("maxmemory", "1");
        var before = await lab.DumpAsync();

        foreach (var grow in (Func<Task>[])
            [
                () => store.CreateSessionAsync(Make.Session(), Ct).AsTask(),
                () => store.UpdateSessionAsync(session with { CloseReason = "done" }, Ct).AsTask(),
                () => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask(),
                () => store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct).AsTask(),
            ])
        {
            var exception = await Assert.ThrowsAsync<SessionLimitExceededException>(grow);
            Assert.Equal("maxmemory", exception.Limit);
            Assert.Equal(before, await lab.DumpAsync());
        }

        Assert.Equal(session.Id, (await store.GetSessionAsync(session.Id, Ct))!.Id);
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 10);
        Assert.Equal(2, await store.CountSessionsAsync(Ct));
        Assert.Equal(2, (await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct)).Count);
        Assert.True(await store.TouchSessionAsync(session.Id, Ct));
        Assert.Equal(4, await store.DeleteFramesAsync(session.Id, 4, Ct));
        Assert.Equal(6, await store.DeleteFramesAsync(session.Id, cancellationToken: Ct));
        Assert.True(await store.DeleteSessionAsync(other.Id, Ct));

        await lab.Server.ConfigSetAsync("maxmemory", "0");
        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task Replica_EveryCall_IsRefusedAsItMayBeOld()
    {
        await using var primary = await RedisServer.StartDedicatedAsync();
        await using var replica = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(primary.Configuration);
        await using var mirror = await RedisLab.OpenAsync(replica.Configuration);
        var session = await lab.Store().CreateSessionAsync(Make.Session(), Ct);
        await lab.Store().AddFrameAsync(Make.Frame(session.Id), Ct);
        await using var store = Store(replica.Configuration, configure: redis => redis.KeyPrefix = lab.Prefix);
        await mirror.Server.ExecuteAsync("REPLICAOF", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        await Poll.UntilAsync(async () => await mirror.Database.KeyExistsAsync(await lab.ListKeyAsync(session.Id), CommandFlags.PreferReplica), "the replica has the frames");
        var before = await lab.DumpAsync();

        foreach (var (operation, call) in Calls)
        {
            var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => call(store, session.Id));
            Assert.Equal(operation, exception.Operation);
            Assert.False(exception.OutcomeUnknown);
        }

        Assert.Equal(before, await lab.DumpAsync());
    }

    [Fact]
    public async Task Server_KilledAndStarted_IsFoundAgainWithoutItsScripts()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = Store(server.Configuration, TimeSpan.FromSeconds(2));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));

        await server.StopAsync();
        foreach (var call in new[] { "GetSession", "AddFrame", "CreateSession" })
        {
            var exception = await Assert.ThrowsAnyAsync<SessionStoreException>(() => Calls[call](store, session.Id));
            Assert.True(exception is SessionStoreUnavailableException or SessionTimeoutException, $"{exception}");
        }

        await server.StartAsync();
        await WorksAgainAsync(store);

        session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        Assert.True(await store.TouchSessionAsync(session.Id, Ct));
        Assert.Equal(2, (await store.UpdateSessionAsync(session, Ct)).Version);
        Assert.Equal(1, await store.DeleteFramesAsync(session.Id, cancellationToken: Ct));
        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Server_Paused_TimesOutAndThenGoesOn()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var timeout = TimeSpan.FromSeconds(2);
        await using var store = new RedisSessionStore(
            lab.Connection, redis: new RedisSessionStoreOptions { KeyPrefix = lab.Prefix, OperationTimeout = timeout, BreakerEnabled = false });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        await server.PauseAsync();
        try
        {
            var exceptions = await Task.WhenAll(Calls.Select(async call => (call.Key, Exception: await Record.ExceptionAsync(() => call.Value(store, session.Id)))));
            Assert.All(exceptions, outcome =>
            {
                var exception = Assert.IsType<SessionTimeoutException>(outcome.Exception);
                Assert.Equal(outcome.Key, exception.Operation);
                Assert.Equal(timeout, exception.Timeout);
            });
        }
        finally
        {
            await server.ContinueAsync();
        }

        await WorksAgainAsync(store);
        var anew = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(anew.Id), Ct));
    }

    [Fact]
    public async Task Dispose_WhileCallsWait_LeavesNobodyHanging()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        var store = Store(server.Configuration, TimeSpan.FromSeconds(1));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        Task<Exception?>[] waiting;
        await server.PauseAsync();
        try
        {
            waiting = [.. Enumerable.Range(0, 5).SelectMany(_ => Calls.Values).Select(call => Record.ExceptionAsync(() => call(store, session.Id)).AsTask())];
            await store.DisposeAsync().AsTask().WaitAsync(Poll.DefaultDeadline, Ct);
            Assert.All(await Task.WhenAll(waiting).WaitAsync(Poll.DefaultDeadline, Ct), exception => Assert.IsAssignableFrom<SessionStoreException>(exception));
        }
        finally
        {
            await server.ContinueAsync();
        }

        await AllAreDisposedAsync(store);
    }

    [Fact]
    public async Task Dispose_StoreThatNeverConnected_IsDone()
    {
        var store = Store("127.0.0.1:1");

        await store.DisposeAsync();
        await store.DisposeAsync();

        await AllAreDisposedAsync(store);
    }

    // As Redis 6 reports an error inside of a script, as 7 does, and as Garnet does.
    [Theory]
    [InlineData("ERR Lua encountered an error: WRONGTYPE Operation against a key holding the wrong kind of value.", typeof(SessionSerializationException))]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value script: abc, on @user_script:3.", typeof(SessionSerializationException))]
    [InlineData("ERR Error running script (call to f_abc): @user_script:3: WRONGTYPE Operation against a key holding the wrong kind of value", typeof(SessionSerializationException))]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'. script: abc, on @user_script:3.", typeof(SessionLimitExceededException))]
    [InlineData("ERR Error running script (call to f_abc): @user_script:3: @user_script: 3: -OOM command not allowed when used memory > 'maxmemory'.", typeof(SessionLimitExceededException))]
    [InlineData("ERR Error running script (call to f_abc): @user_script:3: @user_script: 3: -READONLY You can't write against a read only replica.", typeof(SessionStoreUnavailableException))]
    [InlineData("READONLY You can't write against a read only replica.", typeof(SessionStoreUnavailableException))]
    [InlineData("NOPERM this user has no permissions to run the 'evalsha' command", typeof(SessionStoreConfigurationException))]
    [InlineData("ERR ACL failure in script: User limited has no permissions to run the 'hset' command", typeof(SessionStoreConfigurationException))]
    [InlineData("ERR Error running script (call to f_abc): @user_script:3: The user executing the script can't run this command or subcommand", typeof(SessionStoreConfigurationException))]
    [InlineData("LOADING Redis is loading the dataset in memory", typeof(SessionStoreUnavailableException))]
    [InlineData("CLUSTERDOWN The cluster is down", typeof(SessionStoreUnavailableException))]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot", typeof(SessionStoreUnavailableException))]
    [InlineData("MOVED 3999 127.0.0.1:6381", typeof(SessionStoreUnavailableException))]
    [InlineData("Key has MOVED but CommandFlags.NoRedirect was specified - redirect not followed. ", typeof(SessionStoreUnavailableException))]
    [InlineData("The server redirected to an endpoint that does not identify a node that can be connected to; a topology refresh has been requested. ", typeof(SessionStoreUnavailableException))]
    [InlineData("ERR something nobody foresaw", typeof(SessionStoreException))]
    public void Translate_ServerError_SaysWhatItIs(string message, Type expected)
    {
        var id = new SessionId("a");
#pragma warning disable CS0618 // The other constructors take what only the client library knows.
        var cause = new RedisServerException(message);
#pragma warning restore CS0618

        var exception = RedisFaults.Translate(cause, Operations.AddFrame, id, TimeSpan.FromSeconds(1));

        Assert.IsType(expected, exception);
        Assert.Equal((Operations.AddFrame, id), (exception.Operation, exception.SessionId));
        Assert.Same(cause, exception.InnerException);
    }

    private static RedisSessionStore Store(string configuration, TimeSpan? timeout = null, Action<RedisSessionStoreOptions>? configure = null)
    {
        var redis = new RedisSessionStoreOptions { Configuration = configuration, OperationTimeout = timeout ?? TimeSpan.FromSeconds(3) };
        configure?.Invoke(redis);
        return new RedisSessionStore(redis);
    }

    private static async Task AllFailAsync<T>(RedisSessionStore store, Action<T> check)
        where T : SessionStoreException
    {
        foreach (var (operation, call) in Calls)
        {
            var exception = await Assert.ThrowsAsync<T>(() => call(store, new SessionId("a")));
            Assert.True(exception.Operation == operation || (exception is SessionStoreConfigurationException && exception.Operation == Operations.Connect), exception.Message);
            check(exception);
        }
    }

    private static async Task AllAreDisposedAsync(RedisSessionStore store)
    {
        foreach (var (_, call) in Calls)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call(store, new SessionId("a")));
        }
    }

    private static Task WorksAgainAsync(RedisSessionStore store) => Poll.UntilAsync(
        async () =>
        {
            try
            {
                await store.CountSessionsAsync(Ct);
                return true;
            }
            catch (Exception exception) when (exception is SessionStoreUnavailableException or SessionTimeoutException)
            {
                return false;
            }
        },
        "the store works again");
}
