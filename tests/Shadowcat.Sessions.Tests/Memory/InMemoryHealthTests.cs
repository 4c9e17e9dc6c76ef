using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shadowcat.Sessions.Tests.Memory;

public sealed class InMemoryHealthTests
{
    [Fact]
    public async Task CheckHealth_Always_CanBeReadAndWritten()
    {
        var health = await new InMemorySessionStore().CheckHealthAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal((true, true), (health.Facts[HealthFacts.Reachable], health.Facts[HealthFacts.Writable]));
    }
}
