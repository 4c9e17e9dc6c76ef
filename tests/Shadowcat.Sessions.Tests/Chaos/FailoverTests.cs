using Shadowcat.Sessions.Chaos;
using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Chaos.Scenarios;
using Shadowcat.Sessions.Tests.Redis;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>The chaos run lets servers lose what a failover may lose, and nothing else.</summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(8.9, false)]
    [InlineData(9.1, true)]
    [InlineData(12.9, true)]
    [InlineData(13.1, false)]
    public void MayLose_FromASecondBefore_ToTheRecoveryAfter(double acknowledged, bool may)
    {
        var failover = new Failover(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));

        Assert.Equal(may, failover.MayLose(TimeSpan.FromSeconds(acknowledged), recovery: TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task SentinelFailovers_OfAPrimaryThatIsWell_IsHeard()
    {
        await using var sentinel = await SentinelSetUp.StartAsync();
        await using var failovers = await SentinelFailovers.SubscribeAsync(sentinel);
        Assert.Empty(failovers.Ended);

        var ordered = Clock.Now;
        await sentinel.ReplacePrimaryAsync();
        await sentinel.WaitUntilWholeAsync();

        var failover = Assert.Single(failovers.Ended);
        Assert.InRange(ordered, failover.Begun, failover.Ended);
    }
}
