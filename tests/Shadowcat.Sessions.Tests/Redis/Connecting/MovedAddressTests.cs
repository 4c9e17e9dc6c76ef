using System.Diagnostics;
using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A failover as managed services do it: the primary becomes a replica and keeps its connections, and the address, or another name, leads to the promoted server.</summary>
public sealed class MovedAddressTests : IAsyncLifetime
{
    private const string Client = "moved";

    /// <summary>
    /// How many calls may be refused until the store has found the promoted server. The first that is answered READONLY begins to look, and tries again itself; a store that waits
    /// until the client library looks, after most of a minute, refuses some hundred.
    /// </summary>
    private const int MostRefused = 3;

    /// <summary>What is asked of a session that had one frame before the failover and has two after it; or that is gone, or came, where the name says so.</summary>
    private static readonly Dictionary<string, Func<ISessionStore, SessionId, Task<string>>> Questions = new(StringComparer.Ordinal)
    {
        ["get"] = async (store, id) => $"{(await store.GetSessionAsync(id, Ct))?.FrameCount}",
        ["get many"] = async (store, id) => $"{(await store.GetSessionsAsync([id], Ct))[0]?.FrameCount}",
        ["get frames"] = async (store, id) => $"{await store.GetFramesAsync(id, cancellationToken: Ct).CountAsync(Ct)}",
        ["count frames"] = async (store, id) => $"{await store.CountFramesAsync(id, Ct)}",
        ["get of one that is gone"] = async (store, id) => $"{(await store.GetSessionAsync(Gone(id), Ct))?.FrameCount}",
        ["touch of one that came"] = async (store, id) => $"{await store.TouchSessionAsync(Came(id), Ct)}",
        ["update of one that came"] = async (store, id) => $"{(await store.UpdateSessionAsync(new Session(Came(id), TransportType.Http) { Version = 1, Generation = Generation }, Ct)).Version}",
        ["create of one that is gone"] = async (store, id) => $"{(await store.CreateSessionAsync(new Session(Gone(id), TransportType.Http), Ct)).Version}",
        ["delete of one that came"] = async (store, id) => $"{await store.DeleteSessionAsync(Came(id), Ct)}",
        ["delete frames of one that came"] = async (store, id) => $"{await store.DeleteFramesAsync(Came(id), cancellationToken: Ct)}",
        ["append to one that came"] = async (store, id) => $"{await store.AddFrameAsync(Make.Frame(Came(id)), Ct)}",
        ["list"] = async (store, _) => $"{await store.ListSessionsAsync(cancellationToken: Ct).CountAsync(Ct)}",
        ["count"] = async (store, _) => $"{await store.CountSessionsAsync(Ct)}",
    };

    private static readonly Guid Generation = Guid.NewGuid();

    private RedisServer _old = null!;
    private RedisServer _new = null!;
    private RedisLab _oldLab = null!;
    private RedisLab _newLab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _old = await RedisServer.StartDedicatedAsync();
        _new = await RedisServer.StartDedicatedAsync();
        _oldLab = await RedisLab.OpenAsync(_old.Configuration);
        _newLab = await RedisLab.OpenAsync(_new.Configuration);
        await FollowAsync(_newLab, _old);
        await Poll.UntilAsync(async () => (await _newLab.Server.InfoRawAsync("replication"))!.Contains("master_link_status:up", StringComparison.Ordinal), "the replica is in step");
    }

    public async ValueTask DisposeAsync()
    {
        await _oldLab.DisposeAsync();
        await _newLab.DisposeAsync();
        await _old.DisposeAsync();
        await _new.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneAddress_MovedToThePromotedServer_IsFollowed(bool withCut)
    {
        using var relay = new MovableRelay(_old.Configuration);
        await using var store = Store(relay.Configuration);
        await AssertFollowedAsync(store, () =>
        {
            relay.MoveTo(_new.Configuration);
            if (withCut)
            {
                relay.CutAll();
            }
        });
        await AssertAllMovedAsync();
    }

    [Fact]
    public async Task OneAddress_SeveralConnections_AreFollowed()
    {
        using var relay = new MovableRelay(_old.Configuration);
        await using var store = Store(relay.Configuration, connections: 3);
        await AssertFollowedAsync(store, () => relay.MoveTo(_new.Configuration));
        await AssertAllMovedAsync();
    }

    [Fact]
    public async Task BothServersNamed_OneReplacesTheOther_IsFound()
    {
        await using var store = Store($"{_old.Configuration},{_new.Configuration}");
        await AssertFollowedAsync(store, () => { });
    }

    [Fact]
    public async Task BorrowedConnection_BothServersNamed_IsFound()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{_old.Configuration},{_new.Configuration}");
        await using var store = new RedisSessionStore(connection, redis: new RedisSessionStoreOptions { BreakerEnabled = false });
        await AssertFollowedAsync(store, () => { });
    }

    [Fact]
    public async Task BorrowedConnection_OneAddress_SaysWhatToDo()
    {
        using var relay = new MovableRelay(_old.Configuration);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(relay.Configuration);
        await using var store = new RedisSessionStore(connection);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await FailOverAsync(() => relay.MoveTo(_new.Configuration));

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());

        Assert.Contains("With a connection of the application", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.OutcomeUnknown);
    }

    public static TheoryData<string> EveryQuestion => [.. Questions.Keys];

    /// <summary>Who only asks meets no refusal by which the store could notice that the server it has connections to was replaced.</summary>
    [Theory]
    [MemberData(nameof(EveryQuestion))]
    public async Task OneAddress_AnswerFromWhatWasRead_IsThePromotedServers(string question)
    {
        using var relay = new MovableRelay(_old.Configuration);
        await using var asking = Store(relay.Configuration);
        await using var writing = Store(_new.Configuration);
        var session = await asking.CreateSessionAsync(Make.Session(), Ct);
        await asking.CreateSessionAsync(new Session(Gone(session.Id), TransportType.Http), Ct);
        await asking.AddFrameAsync(Make.Frame(session.Id), Ct);
        await Questions["get frames"](asking, session.Id);
        await FailOverAsync(() => relay.MoveTo(_new.Configuration));
        await _oldLab.Server.ExecuteAsync("REPLICAOF", "127.0.0.1", "1"); // from now on it stays as it is

        await writing.AddFrameAsync(Make.Frame(session.Id, 1), Ct);
        await writing.DeleteSessionAsync(Gone(session.Id), Ct);
        await writing.CreateSessionAsync(new Session(Came(session.Id), TransportType.Http) { Generation = Generation }, Ct);
        await writing.AddFrameAsync(Make.Frame(Came(session.Id)), Ct);
        await writing.CreateSessionAsync(Make.Session(), Ct);

        var expected = question switch
        {
            "get of one that is gone" => "",
            "touch of one that came" or "delete of one that came" => "True",
            "create of one that is gone" or "delete frames of one that came" or "append to one that came" => "1",
            "list" or "count" => "3",
            _ => "2",
        };
        Assert.Equal(expected, await Questions[question](asking, session.Id));
    }

    [Fact]
    public async Task Buffer_BehindOneAddress_StoresEverythingOnThePromotedServer()
    {
        const int Frames = 200;
        using var relay = new MovableRelay(_old.Configuration);
        await using var inner = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = relay.Configuration });
        await using var store = new BufferedSessionStore(inner);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        for (var i = 0; i < Frames; i++)
        {
            if (i == Frames / 2)
            {
                // What was acknowledged to the buffer and is not replicated would be lost by the servers themselves.
                await Poll.UntilAsync(() => Task.FromResult(store.Status.WaitingFrames == 0), "everything is stored");
                await FailOverAsync(() => relay.MoveTo(_new.Configuration));
            }

            await store.AddFrameAsync(Make.Frame(session.Id, i), Ct);
        }

        await Poll.UntilAsync(() => Task.FromResult(store.Status.WaitingFrames == 0), "everything is stored", TimeSpan.FromSeconds(30));
        await using var reader = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = _new.Configuration });
        Make.AssertNumbered(await reader.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, Frames);
    }

    private static SessionId Gone(SessionId id) => new($"{id}-gone");

    private static SessionId Came(SessionId id) => new($"{id}-came");

    /// <summary>A store whose calls all try as often as it may, so that refused calls can be counted: no circuit refuses them at once.</summary>
    private static RedisSessionStore Store(string configuration, int connections = 1) => new(new RedisSessionStoreOptions
    {
        Configuration = $"{configuration},name={Client}",
        ConnectionCount = connections,
        BreakerEnabled = false,
    });

    /// <summary>Asserts that every connection of the store was made anew, to the promoted server.</summary>
    private async Task AssertAllMovedAsync()
    {
        Assert.Contains(await _newLab.Server.ClientListAsync(), static client => client.Name == Client);
        await Poll.UntilAsync(async () => !(await _oldLab.Server.ClientListAsync()).Any(static client => client.Name == Client), "no connection is left to the former primary");
    }

    private static Task<RedisResult> FollowAsync(RedisLab lab, RedisServer primary) =>
        lab.Server.ExecuteAsync("REPLICAOF", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Appends before and after a failover: nothing that was acknowledged is missing, and the first calls that are refused make the store look for the promoted server.</summary>
    private async Task AssertFollowedAsync(RedisSessionStore store, Action move)
    {
        const int Before = 10;
        const int After = 10;
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        for (var i = 0; i < Before; i++)
        {
            Assert.Equal(i, await store.AddFrameAsync(Make.Frame(session.Id, i), Ct));
        }

        await FailOverAsync(move);
        var (moved, refused) = (Stopwatch.GetTimestamp(), 0);
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    await store.AddFrameAsync(Make.Frame(session.Id, Before), Ct);
                    return true;
                }
                catch (SessionStoreUnavailableException exception) when (!exception.OutcomeUnknown)
                {
                    refused++;
                    return false;
                }
            },
            "the store appends to the promoted server");
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"appended again after {Stopwatch.GetElapsedTime(moved).TotalMilliseconds:0} ms; calls refused until then: {refused}"));
        Assert.InRange(refused, 0, MostRefused);
        for (var i = Before + 1; i < Before + After; i++)
        {
            Assert.Equal(i, await store.AddFrameAsync(Make.Frame(session.Id, i), Ct));
        }

        await using var reader = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = _new.Configuration });
        Make.AssertNumbered(await reader.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, Before + After);
    }

    /// <summary>Promotes the replica once it has everything, and makes the former primary its replica, whose connections stay.</summary>
    private async Task FailOverAsync(Action move)
    {
        await Poll.UntilAsync(async () => Offset(await _oldLab.Server.InfoRawAsync("replication")) == Offset(await _newLab.Server.InfoRawAsync("replication")), "the replica has everything");
        await _newLab.Server.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await FollowAsync(_oldLab, _new);
        move();
    }

    private static string Offset(string? replication) =>
        replication!.Split('\n', StringSplitOptions.TrimEntries).First(static line => line.StartsWith("master_repl_offset:", StringComparison.Ordinal));
}
