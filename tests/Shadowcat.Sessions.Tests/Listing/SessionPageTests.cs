namespace Shadowcat.Sessions.Tests.Listing;

/// <summary>Pages of sessions that are all in memory, as a store without an index takes them.</summary>
public sealed class SessionPageTests
{
    private static readonly Session[] Five = [.. Enumerable.Range(0, 5).Select(i => new Session(new SessionId($"s{i}"), TransportType.Http) { CreatedAt = Make.At.AddMinutes(i / 2) })];

    public static TheoryData<SessionOrder, string[]> Orders => new()
    {
        { SessionOrder.OldestFirst, ["s0 s1", "s2 s3", "s4"] },
        { SessionOrder.NewestFirst, ["s4 s3", "s2 s1", "s0"] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Take_PageByPage_YieldsEachOnceInTheOrderOfTheFilter(SessionOrder order, string[] expected) =>
        Assert.Equal(expected, Pages(Five.Reverse(), new SessionFilter { Order = order }, pageSize: 2));

    [Fact]
    public void Take_NoFilter_YieldsAllTheOldestFirst()
    {
        Assert.Equal(["s0 s1 s2 s3 s4"], Pages(Five.Reverse(), null, pageSize: 5));
        Assert.Equal([""], Pages([], null, pageSize: 5));
    }

    [Fact]
    public void Take_Filter_LeavesOutWhatDoesNotMatch() =>
        Assert.Equal(["s2 s3", "s4"], Pages(Five, new SessionFilter { CreatedSince = Make.At.AddMinutes(1) }, pageSize: 2));

    /// <summary>No call looks at all sessions for a few that match; a page may be empty, and says where the next one goes on.</summary>
    [Fact]
    public void Take_FewMatchAmongMany_EndsThePageAndGoesOn()
    {
        var many = Enumerable.Range(0, 2500).Select(i => new Session(new SessionId($"{i:D4}"), TransportType.Http) { CreatedAt = Make.At, Tags = i == 2100 ? ["wanted"] : [] });

        Assert.Equal(["", "", "2100"], Pages(many, new SessionFilter { Tags = ["wanted"] }, pageSize: 10));
    }

    [Fact]
    public void Take_TokenOfAnotherOrderOrNoSessions_IsRefused()
    {
        var token = SessionPage.Take(Five, null, 2, null).ContinuationToken;

        Assert.Throws<ArgumentException>(() => SessionPage.Take(Five, new SessionFilter { Order = SessionOrder.NewestFirst }, 2, token));
        Assert.Equal("sessions", Assert.Throws<ArgumentNullException>(() => SessionPage.Take(null!, null, 2, null)).ParamName);
        Assert.Equal("sessions", Assert.Throws<ArgumentNullException>(() => new SessionPage(null!, null)).ParamName);
    }

    private static List<string> Pages(IEnumerable<Session> sessions, SessionFilter? filter, int pageSize)
    {
        var pages = new List<string>();
        string? token = null;
        do
        {
            var page = SessionPage.Take(sessions, filter, pageSize, token);
            pages.Add(string.Join(' ', page.Sessions.Select(session => session.Id)));
            token = page.ContinuationToken;
        }
        while (token is not null);

        return pages;
    }
}
