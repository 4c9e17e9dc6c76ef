namespace Shadowcat.Sessions.Tests.Listing;

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
            State = Session.State,
            Boundary = Session.Boundary,
            TransportType = Session.TransportType,
            Tags = ["prod", "größe"],
            Owner = new SessionOwner("sub", "älice", "https://issuer.example/"),
            ClientName = Session.ClientInfo!.Name,
            ServerName = "server",
            TransportSessionId = Session.TransportSessionId,
            CorrelationKey = Session.CorrelationKey,
            CreatedSince = Session.CreatedAt,
            CreatedBefore = Session.CreatedAt.AddTicks(1),
            ActiveSince = Make.At,
            ActiveBefore = Make.At.AddTicks(1),
        };

        Assert.True(filter.Matches(Session));
        Assert.False(filter.Matches(Session with { Status = SessionStatus.Active }));
        Assert.False(filter.Matches(Session with { Boundary = SessionBoundary.Exchange }));
        Assert.False(filter.Matches(Session with { ClientInfo = null }));
        Assert.False(filter.Matches(Session with { ServerInfo = Session.ClientInfo }));
        Assert.False(filter.Matches(Session with { TransportSessionId = null }));
        Assert.False(filter.Matches(Session with { CorrelationKey = "TRACE/00-ab-cd" }));
        Assert.False(filter.Matches(Session with { CreatedAt = Session.CreatedAt.AddMilliseconds(-1) }));
        Assert.False(filter.Matches(Session with { CreatedAt = Session.CreatedAt.AddMilliseconds(1) }));
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
    public void Matches_Creation_TakesTheFirstMomentInAndTheLastOut()
    {
        Assert.True(new SessionFilter { CreatedSince = Session.CreatedAt }.Matches(Session));
        Assert.False(new SessionFilter { CreatedSince = Session.CreatedAt.AddTicks(1) }.Matches(Session));
        Assert.False(new SessionFilter { CreatedBefore = Session.CreatedAt }.Matches(Session));
        Assert.True(new SessionFilter { CreatedBefore = Session.CreatedAt.AddTicks(1) }.Matches(Session));
    }

    [Fact]
    public void Matches_State_TakesThatStateOnly()
    {
        Assert.True(new SessionFilter { State = Session.State }.Matches(Session));
        Assert.False(new SessionFilter { State = SessionState.Initializing }.Matches(Session));
    }

    [Fact]
    public void Order_LeftOut_IsTheOldestFirstAndNoConditionInAnyCase()
    {
        Assert.Equal(SessionOrder.OldestFirst, SessionFilter.None.Order);
        Assert.True(new SessionFilter { Order = SessionOrder.NewestFirst }.Matches(Session));
        Assert.NotEqual(new SessionFilter { Order = SessionOrder.NewestFirst }, SessionFilter.None);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionFilter { Order = (SessionOrder)2 });
    }

    [Fact]
    public void Equals_SameConditions_IsTrue()
    {
        Assert.Equal(new SessionFilter { Tags = ["a", "b"] }, new SessionFilter { Tags = ["b", "a"] });
        Assert.NotEqual(new SessionFilter { Tags = ["a"] }, SessionFilter.None);
    }
}
