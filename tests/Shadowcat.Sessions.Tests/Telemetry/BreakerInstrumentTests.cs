using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>What is counted of an outage, and what the health check says of it.</summary>
public sealed class BreakerInstrumentTests
{
    private const string Transitions = "shadowcat.sessions.breaker.transitions";
    private const string Open = "shadowcat.sessions.breaker.open";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Circuit_OfAServerThatGoesAndComesBack_IsCountedAndSeen()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        using var measured = new Measured();
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration, BreakerFailures = 1 }, meterFactory: measured);
        await store.CountSessionsAsync(Ct);
        Assert.Equal((0, 0), (measured.Observe(Open), measured.Sum(Transitions)));

        await server.StopAsync();
        await Assert.ThrowsAnyAsync<SessionStoreException>(() => store.CountSessionsAsync(Ct).AsTask());
        await Poll.UntilAsync(() => Task.FromResult(measured.Sum(Transitions) == 1), "the circuit has opened");
        Assert.Equal(1, measured.Observe(Open));
        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
        Assert.Equal(("Unhealthy", "open", false), (health.Status.ToString(), health.Facts["breaker.state"], health.Facts["writable"]));

        await server.StartAsync();
        await Poll.UntilAsync(() => Task.FromResult(measured.Sum(Transitions) == 2), "the circuit has closed");
        Assert.Equal(0, measured.Observe(Open));
        Assert.Equal(["open", "closed"], measured.Of(Transitions).Select(measurement => measurement.Tags["shadowcat.sessions.breaker.state"]));
        Assert.Equal("closed", (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Facts["breaker.state"]);
    }
}
