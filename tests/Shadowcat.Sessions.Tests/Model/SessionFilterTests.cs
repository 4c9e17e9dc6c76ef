using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Model;

public sealed class SessionFilterTests
{
    private static readonly Session Session = Make.FullSession() with { LastActivity = Make.At };

    [Fact]
    public void Matches_NoCondition_TakesEverySession()
    {
        Assert.True(SessionFilter.None.Matches(Session));
        Assert.True(new SessionFilter().Matches(Make.Session()));
        Assert.Throws<ArgumentNullException>(() => SessionFilter.None.Matches(null!));
        Assert.Throws<ArgumentNullException>(() => new SessionFilter { Tags = null! });
    }

    [Fact]
    public void Matches_AllConditionsMet_IsTrueAndFalseWithoutAnyOne()
    {
        var filter = new SessionFilter
        {
            Status = Session.Status,
            TransportType = Session.TransportType,
            Tags = ["prod", "größe"],
            Owner = new SessionOwner("sub", "älice", "https://issuer.example/"),
            ActiveSince = Make.At,
            ActiveBefore = Make.At.AddTicks(1),
        };

        Assert.True(filter.Matches(Session));
        Assert.False(filter.Matches(Session with { Status = SessionStatus.Active }));
        Assert.False(filter.Matches(Session with { TransportType = TransportType.Stdio }));
        Assert.False(filter.Matches(Session with { Tags = ["prod"] }));
        Assert.False(filter.Matches(Session with { Owner = null }));
        Assert.False(filter.Matches(Session with { Owner = new SessionOwner("sub", "älice", "other") }));
        Assert.False(filter.Matches(Session with { LastActivity = Make.At.AddMilliseconds(-1) }));
        Assert.False(filter.Matches(Session with { LastActivity = Make.At.AddMilliseconds(1) }));
    }

    [Fact]
    public void Matches_Activity_TakesTheFirstMomentInAndTheLastOut()
    {
        Assert.True(new SessionFilter { ActiveSince = Make.At }.Matches(Session));
        Assert.False(new SessionFilter { ActiveSince = Make.At.AddTicks(1) }.Matches(Session));
        Assert.False(new SessionFilter { ActiveBefore = Make.At }.Matches(Session));
        Assert.True(new SessionFilter { ActiveBefore = Make.At.ToOffset(TimeSpan.FromHours(5)).AddTicks(1) }.Matches(Session));
    }

    [Fact]
    public void Equals_SameConditions_IsTrue()
    {
        Assert.Equal(new SessionFilter { Tags = ["a", "b"] }, new SessionFilter { Tags = ["b", "a"] });
        Assert.NotEqual(new SessionFilter { Tags = ["a"] }, SessionFilter.None);
    }
}
