using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shadowcat.Sessions.Tests.Health;

public sealed class SessionStoreHealthTests
{
    private static readonly TimeSpan Patience = Poll.DefaultDeadline;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void With_Problems_GetsWorseOnly()
    {
        var health = SessionStoreHealth.Healthy.With(HealthStatus.Unhealthy, "It is gone.").With(HealthStatus.Degraded, "It was slow.");

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(["It is gone.", "It was slow."], health.Problems);
        Assert.Equal("Unhealthy: It is gone. It was slow.", health.ToString());
        Assert.Equal((HealthStatus.Healthy, 0, "Healthy"), (SessionStoreHealth.Healthy.Status, SessionStoreHealth.Healthy.Problems.Count, SessionStoreHealth.Healthy.ToString()));
    }

    [Fact]
    public void NoWorseThan_Degraded_KeepsTheProblems()
    {
        var health = SessionStoreHealth.Healthy.With(HealthStatus.Unhealthy, "It is gone.").NoWorseThan(HealthStatus.Degraded);

        Assert.Equal((HealthStatus.Degraded, 1), (health.Status, health.Problems.Count));
        Assert.Equal(HealthStatus.Healthy, SessionStoreHealth.Healthy.NoWorseThan(HealthStatus.Degraded).Status);
    }

    [Fact]
    public void With_Facts_ReplacesTheOneOfThatName()
    {
        var first = SessionStoreHealth.Healthy.With("primaries", 3);
        var second = first.With("primaries", 2).With("writable", true);

        Assert.Equal(3, Assert.Single(first.Facts).Value);
        Assert.Equal((2, true), (second.Facts["primaries"], second.Facts["writable"]));
        Assert.Empty(SessionStoreHealth.Healthy.Facts);
    }

    [Fact]
    public async Task OfAsync_StoreThatCannotTell_IsAskedForASession()
    {
        var store = Plain.Around(new InMemorySessionStore());

        var health = await SessionStoreHealth.OfAsync(store, Patience, Ct);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal(true, health.Facts["reachable"]);
        Assert.IsType<double>(health.Facts["latency_ms"]);
    }

    [Fact]
    public async Task OfAsync_StoreThatCannotTellAndFails_IsUnhealthyByItsKindOfError()
    {
        var store = Plain.Around(new InMemorySessionStore(), new SessionStoreUnavailableException("GetSession", new SessionId("whose"), "host-1 is down.", outcomeUnknown: false));

        var health = await SessionStoreHealth.OfAsync(store, Patience, Ct);

        Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["reachable"]));
        Assert.Equal("The store cannot be read (SessionStoreUnavailableException).", Assert.Single(health.Problems));
    }

    [Fact]
    public async Task OfAsync_InMemory_IsHealthyAlsoThroughItsCache()
    {
        using var cached = new CachedSessionStore(new InMemorySessionStore());

        var health = await SessionStoreHealth.OfAsync(cached, Patience, Ct);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal(("shadowcat.memory", true, true, true, 0), (health.Facts["store"], health.Facts["reachable"], health.Facts["writable"], health.Facts["cache.current"], health.Facts["cache.sessions"]));
    }
}
