using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A buffer makes up for an outage as long as it is not full, and for nothing else.</summary>
public sealed class BufferHealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Ailment.Away)]
    [InlineData(Ailment.Silent)]
    [InlineData(Ailment.BrokenThoughDone)]
    [InlineData(Ailment.Full)]
    public async Task Outage_IsDegraded(Ailment ailment)
    {
        var inner = new AilingStore();
        await using var store = new BufferedSessionStore(inner);

        inner.Ail(ailment);
        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);

        Assert.Equal((HealthStatus.Degraded, true), (health.Status, health.Facts["outage"]));
        Assert.NotEmpty(health.Problems);
    }

    [Fact]
    public async Task Store_ThatDoesNotAnswerTheCheck_IsDegraded()
    {
        using var silent = new SilentServer();
        await using var inner = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = silent.Configuration });
        await using var store = new BufferedSessionStore(inner);

        var health = await store.CheckHealthAsync(TimeSpan.FromMilliseconds(100), Ct);

        Assert.Equal((HealthStatus.Degraded, true), (health.Status, health.Facts["outage"]));
    }

    [Fact]
    public async Task Refusal_OfThatStore_IsUnhealthy()
    {
        var inner = new AilingStore { Failure = new SessionStoreConfigurationException("GetSession", null, "the credentials were refused.") };
        await using var store = new BufferedSessionStore(inner);

        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["outage"]));
    }

    [Fact]
    public async Task Credentials_Wrong_AreUnhealthy()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--requirepass", "another");
        await using var inner = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration + ",password=secret" });
        await using var store = new BufferedSessionStore(inner);

        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["outage"]));
        Assert.Contains("credentials", health.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layout_Other_IsUnhealthyInAnOutageToo()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await using var store = new BufferedSessionStore(lab.Store());
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Status);

        await lab.Database.HashSetAsync(lab.Record, "tags", "1");
        var other = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
        await lab.Server.ConfigSetAsync("maxmemory", "1");
        var otherAndFull = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
        await lab.Server.ConfigSetAsync("maxmemory", "0");

        Assert.Equal((HealthStatus.Unhealthy, false), (other.Status, other.Facts["outage"]));
        Assert.Equal((HealthStatus.Unhealthy, false), (otherAndFull.Status, otherAndFull.Facts["outage"]));
    }

    [Fact]
    public async Task Server_Gone_IsDegradedUntilItIsBack()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var inner = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration });
        await using var store = new BufferedSessionStore(inner);
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Status);

        await server.StopAsync();
        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
        await server.StartAsync();

        Assert.Equal((HealthStatus.Degraded, true), (health.Status, health.Facts["outage"]));
        await Poll.UntilAsync(async () => (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Facts["writable"] is true, "the server is healthy again");
    }
}
