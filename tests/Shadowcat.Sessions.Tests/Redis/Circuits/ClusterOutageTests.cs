using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Primaries of a cluster that go: their partitions fail at once, and theirs only. Each test has a cluster of its own.</summary>
public sealed class ClusterOutageTests : IDisposable
{
    private readonly CollectingLogger _logger = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Primary_GoneWithItsReplica_FailsItsPartitionsAtOnceAndNoOthers()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var store = Store(cluster);
        var (lost, kept) = await PrepareAsync(cluster, store);
        var primary = await cluster.PrimaryOfAsync(ClusterTests.SlotOf(lost[0]));
        var replica = (await cluster.ViewAsync()).First(node => node.PrimaryId == primary.Id);

        await replica.Process.KillAsync();
        await primary.Process.KillAsync();
        await BreakAsync(store, lost[0]);

        // One session of it has opened the circuit for all.
        foreach (var id in lost)
        {
            await RefusedAsync(() => store.AddFrameAsync(Make.Frame(id), Ct).AsTask());
            await RefusedAsync(() => store.GetSessionAsync(id, Ct).AsTask());
            await RefusedAsync(() => store.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct).AsTask());
            await RefusedAsync(() => store.UpdateSessionAsync(new Session(id, TransportType.Http) { Version = 1 }, Ct).AsTask());
        }

        await RefusedAsync(() => store.GetSessionsAsync([kept[0], lost[0]], Ct).AsTask());
        await RefusedAsync(() => store.CountSessionsAsync(Ct).AsTask());
        await RefusedAsync(() => store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct).AsTask());
        foreach (var id in kept)
        {
            Assert.Equal(1, await store.AddFrameAsync(Make.Frame(id), Ct));
        }

        Assert.All(await store.GetSessionsAsync(kept, Ct), session => Assert.Equal(2, session!.FrameCount));
        Assert.True(store.Outage!.IsPartial);
        Assert.Equal((1, 0), (Logged(20), Logged(21)));

        await primary.Process.StartAsync();
        await Poll.UntilAsync(() => Task.FromResult(store.Outage is null), "the store has noticed that the primary is back", TimeSpan.FromSeconds(30));
        await replica.Process.StartAsync();
        await cluster.WaitUntilWholeAsync();
        Assert.Equal((1, 1), (Logged(20), Logged(21)));
        foreach (var id in lost)
        {
            Assert.Equal(1, await store.AddFrameAsync(Make.Frame(id), Ct));
        }
    }

    [Fact]
    public async Task Primary_ReplacedByItsReplica_IsNotWaitedFor()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync();
        await using var store = Store(cluster);
        var (lost, kept) = await PrepareAsync(cluster, store);
        var primary = await cluster.PrimaryOfAsync(ClusterTests.SlotOf(lost[0]));
        await primary.Process.WaitUntilReplicatedAsync(1); // what the replica has not got is lost with its primary

        await primary.Process.KillAsync();
        var working = Task.WhenAll(kept.Select(id => store.AddFrameAsync(Make.Frame(id), Ct).AsTask()));
        await cluster.WaitUntilReplacedAsync(primary);

        Assert.All(await working, sequence => Assert.Equal(1, sequence));
        await Poll.UntilAsync(
            async () => store.Outage is null && await Record.ExceptionAsync(() => Task.WhenAll(lost.Select(id => store.TouchSessionAsync(id, Ct).AsTask()))) is null,
            "the replica serves every partition that it took over",
            TimeSpan.FromSeconds(30));
        Assert.Equal(Logged(20), Logged(21));
        Assert.Equal(lost.Count + kept.Count, await store.CountSessionsAsync(Ct));
    }

    public void Dispose() => _logger.Dispose();

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

    private static async Task RefusedAsync(Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(call);
        Assert.False(exception.OutcomeUnknown);
        Assert.Contains("the circuit is open", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Sessions with a frame each, of one primary and of the others, made by a store that waits for a slow machine; the store under test is connected.</summary>
    private static async Task<(List<SessionId> OfOne, List<SessionId> OfOthers)> PrepareAsync(RedisCluster cluster, RedisSessionStore store)
    {
        await using var patient = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = cluster.Configuration, OperationTimeout = TimeSpan.FromSeconds(30) });
        var sessions = new List<SessionId>();
        foreach (var session in Make.Sessions(30))
        {
            sessions.Add((await patient.CreateSessionAsync(session, Ct)).Id);
            await patient.AddFrameAsync(Make.Frame(session.Id), Ct);
        }

        await Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.CountSessionsAsync(Ct).AsTask()) is null, "the store under test is connected");

        var primary = await cluster.PrimaryOfAsync(ClusterTests.SlotOf(sessions[0]));
        var isOfOne = sessions.ToLookup(id => primary.Serves(ClusterTests.SlotOf(id)));
        return ([.. isOfOne[true]], [.. isOfOne[false]]);
    }

    private RedisSessionStore Store(RedisCluster cluster) => new(
        new RedisSessionStoreOptions { Configuration = cluster.Configuration, OperationTimeout = TimeSpan.FromSeconds(1), BreakerFailures = 2 },
        logger: _logger.For<RedisSessionStore>());

    private int Logged(int eventId) => _logger.Entries.Count(entry => entry.Id.Id == eventId);
}
