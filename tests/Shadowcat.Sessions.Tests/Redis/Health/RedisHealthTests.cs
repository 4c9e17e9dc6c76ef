using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What is wrong with a server is found by using it, ranked by how bad it is, and reported without naming anything.</summary>
public sealed class RedisHealthTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly TimeSpan Patience = Poll.DefaultDeadline;
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Server_Well_IsHealthyAndUntouched(int partitions)
    {
        var store = Lab.Store(configure: options => options.Partitions = partitions);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        var before = await Lab.DumpAsync();

        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Healthy, ""), (health.Status, string.Join(' ', health.Problems)));
        Assert.Equal(before, await Lab.DumpAsync());
        Assert.Equal(
            ["breaker.state", "latency_ms", "layout.agrees", "layout.partitions", "primaries", "primaries.serving", "queue.bytes", "queue.frames", "reachable", "server.version", "store", "writable"],
            health.Facts.Keys.Where(static fact => fact != "maxmemory.policy").Order(StringComparer.Ordinal));

        // Garnet does not say.
        Assert.Equal("noeviction", health.Facts.GetValueOrDefault("maxmemory.policy", "noeviction"));
        Assert.Equal(
            ("redis", true, true, true, partitions, 1, 1),
            (health.Facts["store"], health.Facts["reachable"], health.Facts["writable"], health.Facts["layout.agrees"], health.Facts["layout.partitions"], health.Facts["primaries"], health.Facts["primaries.serving"]));
        Assert.Equal(Lab.Server.Version.ToString(), health.Facts["server.version"]);
        Assert.Equal((0L, 0L), (health.Facts["queue.frames"], health.Facts["queue.bytes"]));
        Assert.Equal("closed", health.Facts["breaker.state"]);
        Assert.True((double)health.Facts["latency_ms"] > 0);
    }

    [Fact]
    public async Task Store_DisposedOf_IsUnhealthyToTheChecksOfAnApplication()
    {
        var store = Lab.Store(Lab.Configuration);
        var services = new ServiceCollection().AddLogging().AddSingleton<ISessionStore>(store);
        services.AddHealthChecks().AddShadowcatSessions();
        await using var provider = services.BuildServiceProvider();
        var checks = provider.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync(Ct)).Status);
        await store.DisposeAsync();

        var entry = (await checks.CheckHealthAsync(Ct)).Entries["shadowcat-sessions"];

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.IsType<ObjectDisposedException>(entry.Exception);
    }

    [Fact]
    public async Task Server_Full_IsReachableAndUnhealthy()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var store = lab.Store();
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Patience, Ct)).Status);
        var before = await lab.DumpAsync();

        await lab.Server.ConfigSetAsync("maxmemory", "1");
        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, true, false), (health.Status, health.Facts["reachable"], health.Facts["writable"]));
        Assert.Contains("memory limit", Assert.Single(health.Problems), StringComparison.Ordinal);
        Assert.Equal(before, await lab.DumpAsync());
        await lab.Server.ConfigSetAsync("maxmemory", "0");
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Patience, Ct)).Status);
    }

    [Fact]
    public async Task Replica_ReadOnly_IsReachableAndUnhealthy()
    {
        await using var primary = await RedisServer.StartDedicatedAsync();
        await using var replica = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(replica.Configuration);
        await using var store = NewStore(replica.Configuration);
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Patience, Ct)).Status);

        await lab.Server.ExecuteAsync("REPLICAOF", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["writable"]));
        Assert.Contains("Nothing can be written:", health.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_Gone_IsUnhealthyUntilItIsBack()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = NewStore(server.Configuration);
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Patience, Ct)).Status);

        await server.StopAsync();
        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false, false), (health.Status, health.Facts["reachable"], health.Facts["writable"]));
        AssertNamesNothing(health, server.Port);
        await server.StartAsync();
        await Poll.UntilAsync(async () => (await store.CheckHealthAsync(Patience, Ct)).Facts["writable"] is true, "the server is healthy again");
    }

    [Fact]
    public async Task Server_NeverThere_IsUnhealthy()
    {
        var port = LoopbackPort.NextFree();
        await using var store = NewStore($"127.0.0.1:{port},password=secret");

        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false, false), (health.Status, health.Facts["reachable"], health.Facts["writable"]));
        AssertNamesNothing(health, port);
    }

    [Fact]
    public async Task Server_Frozen_IsUnhealthyWithinTheTimeoutOfTheCheck()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration, OperationTimeout = Patience * 4, TombstoneTimeToLive = Patience * 8 });
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Patience, Ct)).Status);

        await server.PauseAsync();
        var health = await store.CheckHealthAsync(Brief, Ct).AsTask().WaitAsync(Patience, Ct);
        await server.ContinueAsync();

        Assert.Equal((HealthStatus.Unhealthy, false, false), (health.Status, health.Facts["reachable"], health.Facts["writable"]));
        Assert.Contains("no answer within 0.3 s", health.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_ThatStopsWaiting_IsNoFinding()
    {
        using var silent = new SilentServer();
        await using var store = NewStore(silent.Configuration);
        using var stop = new CancellationTokenSource();
        var check = store.CheckHealthAsync(Patience, stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
    }

    [Fact]
    public async Task Credentials_Wrong_AreUnhealthyAndNotSaid()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--requirepass", "another");
        await using var store = NewStore(server.Configuration + ",password=secret");

        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["writable"]));
        Assert.Contains("credentials", health.ToString(), StringComparison.Ordinal);
        AssertNamesNothing(health, server.Port);
    }

    [Fact]
    public async Task Layout_Other_IsUnhealthyAndGoneIsDegraded()
    {
        var store = Lab.Store();
        await store.CheckHealthAsync(Patience, Ct);

        await Lab.Database.HashSetAsync(Lab.Record, "tags", "1");
        var other = await store.CheckHealthAsync(Patience, Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Record);
        var gone = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false, true), (other.Status, other.Facts["layout.agrees"], other.Facts["writable"]));
        Assert.Equal((HealthStatus.Degraded, false, true), (gone.Status, gone.Facts["layout.agrees"], gone.Facts["writable"]));
        Assert.False(await Lab.Database.KeyExistsAsync(Lab.Record));
    }

    [Fact]
    public async Task Layout_ThatDisagreesWithTheOptions_IsUnhealthyFromTheStart()
    {
        await Lab.Store().CountSessionsAsync(Ct);
        var store = Lab.Store(configure: options => options.Partitions = 4);

        var health = await store.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, true, false), (health.Status, health.Facts["reachable"], health.Facts["writable"]));
        Assert.Contains("Partitions is 4", health.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_LosingPrimaries_IsDegradedAndThenUnhealthy()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync();
        await using var store = NewStore(cluster.Configuration);
        var health = await store.CheckHealthAsync(Patience, Ct);
        Assert.Equal((HealthStatus.Healthy, 3, 3, 256), (health.Status, health.Facts["primaries"], health.Facts["primaries.serving"], health.Facts["layout.partitions"]));
        IReadOnlyList<ClusterNode> view = [];
        await Poll.UntilAsync(async () => (view = await cluster.ViewAsync()).Count(node => node.IsPrimary) == 3, "the cluster shows its three primaries");
        var primaries = view.Where(node => node.IsPrimary).ToList();

        foreach (var (node, left) in primaries.Select((node, at) => (node, primaries.Count - at - 1)))
        {
            foreach (var dying in view.Where(other => other.PrimaryId == node.Id).Append(node))
            {
                await dying.Process.KillAsync();
            }

            health = await store.CheckHealthAsync(Patience, Ct);
            Assert.Equal((left > 0 ? HealthStatus.Degraded : HealthStatus.Unhealthy, false, left), (health.Status, health.Facts["writable"], health.Facts["primaries.serving"]));
            AssertNamesNothing(health, node.Process.Port);
        }
    }

    [Fact]
    public async Task Cache_OnAServerThatIsGone_SaysWhatTheStoreInsideSays()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = NewStore(server.Configuration);
        using var cached = new CachedSessionStore(store);
        Assert.Equal(HealthStatus.Healthy, (await cached.CheckHealthAsync(Patience, Ct)).Status);

        await server.StopAsync();
        var health = await cached.CheckHealthAsync(Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["writable"]));
        Assert.Contains("cache.current", health.Facts.Keys);
    }

    private static RedisSessionStore NewStore(string configuration) =>
        new(new RedisSessionStoreOptions { Configuration = configuration, OperationTimeout = TimeSpan.FromSeconds(3) });

    private static void AssertNamesNothing(SessionStoreHealth health, int port)
    {
        var everything = health + string.Join(' ', health.Facts);
        Assert.DoesNotContain("127.0.0.1", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(port.ToString(CultureInfo.InvariantCulture), everything, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", everything, StringComparison.Ordinal);
    }
}
