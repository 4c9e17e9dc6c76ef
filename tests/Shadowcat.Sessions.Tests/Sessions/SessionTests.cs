namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class SessionTests
{
    private static readonly SessionId Id = new("s");

    [Fact]
    public void New_OnlyWhatMustBeGiven_HasDefaults()
    {
        var session = new Session(Id, TransportType.Sse);

        Assert.Equal((Id, TransportType.Sse), (session.Id, session.TransportType));
        Assert.Equal(
            (SessionStatus.Active, SessionState.Initializing, SessionBoundary.Handshake), (session.Status, session.State, session.Boundary));
        Assert.Equal((0, 0, 0), (session.Version, session.FrameCount, session.FirstSequence));
        Assert.Equal((default, default, default), (session.CreatedAt, session.LastActivity, session.ExpiresAt));
        Assert.Same(SessionTags.None, session.Tags);
        Assert.Same(SessionAttributes.None, session.Attributes);
        Assert.False(session.IsClosed);
        Assert.Null(session.ClientInfo);
        Assert.Null(session.ServerInfo);
        Assert.Null(session.VersionState);
        Assert.Null(session.Owner);
        Assert.Null(session.TransportSessionId);
        Assert.Null(session.CorrelationKey);
        Assert.Null(session.CloseReason);
        Assert.Null(session.TimeToLive);
        Assert.Null(session.MaxLifetime);
    }

    [Fact]
    public void New_Twice_HasTwoGenerationsThatWithKeeps()
    {
        var session = new Session(Id, TransportType.Http);

        Assert.NotEqual(session.Generation, new Session(Id, TransportType.Http).Generation);
        Assert.Equal(session.Generation, (session with { Tags = ["x"] }).Generation);
        Assert.NotEqual(Guid.Empty, session.Generation);
    }

    [Fact]
    public void New_DefaultId_IsRefused() =>
        Assert.Equal("id", Assert.Throws<ArgumentException>(() => new Session(default, TransportType.Http)).ParamName);

    [Fact]
    public void Enums_Undefined_AreRefused()
    {
        var session = new Session(Id, TransportType.Http);

        Assert.Throws<ArgumentOutOfRangeException>(() => new Session(Id, (TransportType)5));
        Assert.Throws<ArgumentOutOfRangeException>(() => session with { TransportType = (TransportType)(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => session with { Status = (SessionStatus)4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => session with { State = (SessionState)4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => session with { Boundary = (SessionBoundary)4 });
    }

    [Fact]
    public void Equals_EveryPropertyEqual_IsTrue()
    {
        var session = Make.FullSession();
        var same = session with
        {
            ClientInfo = Peer.Parse(session.ClientInfo!.Json),
            ServerInfo = Peer.Parse(session.ServerInfo!.Json),
            Tags = SessionTags.Create([.. session.Tags]),
            Attributes = SessionAttributes.Create([.. session.Attributes]),
            VersionState = session.VersionState! with { Attempts = [.. session.VersionState.Attempts] },
            Owner = new SessionOwner(session.Owner!.ClaimType, session.Owner.Value, session.Owner.Issuer),
        };

        Assert.Equal(session, same);
        Assert.Equal(session.GetHashCode(), same.GetHashCode());
    }

    [Fact]
    public void Equals_AnyPropertyDifferent_IsFalse()
    {
        var session = Make.FullSession();
        Session[] others =
        [
            session with { Generation = Guid.NewGuid() },
            session with { TransportType = TransportType.Http },
            session with { Status = SessionStatus.Completed },
            session with { State = SessionState.Active },
            session with { Boundary = SessionBoundary.Exchange },
            session with { CreatedAt = Make.At },
            session with { ClientInfo = null },
            session with { ServerInfo = null },
            session with { VersionState = null },
            session with { Tags = [] },
            session with { Attributes = session.Attributes.Without("empty") },
            session with { TransportSessionId = null },
            session with { CorrelationKey = null },
            session with { Owner = null },
            session with { CloseReason = null },
            session with { TimeToLive = null },
            session with { MaxLifetime = null },
            session with { FrameCount = 1 },
            session with { FirstSequence = 1 },
            session with { LastActivity = Make.At },
            session with { ExpiresAt = Make.At },
            session with { Version = 1 },
        ];

        Assert.All(others, other => Assert.NotEqual(session, other));
    }

    [Fact]
    public void Times_AreUtcAndCutToMilliseconds()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)).AddTicks(9999);
        var expected = new DateTimeOffset(2026, 1, 2, 1, 4, 5, 678, TimeSpan.Zero);

        var session = new Session(Id, TransportType.Http) { CreatedAt = time, LastActivity = time, ExpiresAt = time };

        Assert.All([session.CreatedAt, session.LastActivity, session.ExpiresAt], actual =>
        {
            Assert.Equal(expected, actual);
            Assert.Equal(TimeSpan.Zero, actual.Offset);
        });
        Assert.Equal(DateTimeOffset.MaxValue.AddTicks(-9999), (session with { CreatedAt = DateTimeOffset.MaxValue }).CreatedAt);
        Assert.Equal(DateTimeOffset.MinValue, (session with { CreatedAt = DateTimeOffset.MinValue }).CreatedAt);
        Assert.Equal(-1, (session with { CreatedAt = DateTimeOffset.UnixEpoch.AddTicks(-1) }).CreatedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Lifetimes_AreBoundedAndCutToMilliseconds()
    {
        var session = new Session(Id, TransportType.Http);
        TimeSpan[] refused = [TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.FromTicks(9999), TimeSpan.FromDays(3650) + TimeSpan.FromTicks(1), TimeSpan.MaxValue, TimeSpan.MinValue];

        Assert.All(refused, value => Assert.Throws<ArgumentOutOfRangeException>(() => session with { TimeToLive = value }));
        Assert.All(refused, value => Assert.Throws<ArgumentOutOfRangeException>(() => session with { MaxLifetime = value }));
        Assert.Equal(TimeSpan.FromMilliseconds(1), (session with { TimeToLive = TimeSpan.FromMilliseconds(1) }).TimeToLive);
        Assert.Equal(TimeSpan.FromMilliseconds(1), (session with { TimeToLive = TimeSpan.FromTicks(19_999) }).TimeToLive);
        Assert.Equal(TimeSpan.FromDays(3650), (session with { MaxLifetime = TimeSpan.FromDays(3650) }).MaxLifetime);
        Assert.Null((session with { TimeToLive = null }).TimeToLive);
    }

    // Not in attributes: half of a surrogate pair would not survive there.
    public static TheoryData<string> InvalidTexts => ["", "a\nb", "\ud800"];

    [Theory]
    [MemberData(nameof(InvalidTexts), DisableDiscoveryEnumeration = true)]
    public void Texts_EmptyOrUnprintable_AreRefused(string text)
    {
        var session = new Session(Id, TransportType.Http);

        Assert.Throws<ArgumentException>(() => session with { TransportSessionId = text });
        Assert.Throws<ArgumentException>(() => session with { CorrelationKey = text });
        Assert.Throws<ArgumentException>(() => session with { CloseReason = text });
        Assert.Throws<ArgumentException>(() => new SessionOwner(text, "v", "i"));
        Assert.Throws<ArgumentException>(() => new SessionOwner("t", text, "i"));
        Assert.Throws<ArgumentException>(() => new SessionOwner("t", "v", text));
    }

    [Fact]
    public void Texts_TooLong_AreRefused()
    {
        var session = new Session(Id, TransportType.Http);
        var most = new string('x', 1024);

        Assert.Equal(most, (session with { TransportSessionId = most }).TransportSessionId);
        Assert.Equal(most, (session with { CorrelationKey = most }).CorrelationKey);
        Assert.Equal(4096, (session with { CloseReason = new string('x', 4096) }).CloseReason?.Length);
        Assert.Equal(most, new SessionOwner(most, most, most).Issuer);
        Assert.Throws<ArgumentException>(() => session with { TransportSessionId = most + "x" });
        Assert.Throws<ArgumentException>(() => session with { CorrelationKey = most + "x" });
        Assert.Throws<ArgumentException>(() => session with { CloseReason = new string('x', 4097) });
        Assert.Throws<ArgumentException>(() => new SessionOwner(most + "x", "v", "i"));
    }

    [Fact]
    public void Null_WhereItMeansNothing_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Session(Id, TransportType.Http) { Tags = null! });
        Assert.Throws<ArgumentNullException>(() => new Session(Id, TransportType.Http) { Attributes = null! });
        Assert.Throws<ArgumentNullException>(() => new SessionOwner(null!, "v", "i"));
        Assert.Throws<ArgumentNullException>(() => new SessionOwner("t", null!, "i"));
        Assert.Throws<ArgumentNullException>(() => new SessionOwner("t", "v", null!));
    }

    [Fact]
    public void Closed_AndReopened_AreOneNotionOfTheEnd()
    {
        var session = new Session(Id, TransportType.Http) { State = SessionState.Active };

        var closed = session.AsClosed(SessionStatus.Failed, "broken");

        Assert.Equal((true, SessionState.Closed, SessionStatus.Failed, "broken"), (closed.IsClosed, closed.State, closed.Status, closed.CloseReason));
        Assert.Equal(session, closed.AsReopened());
        Assert.Null(closed.AsClosed(SessionStatus.Completed).CloseReason);
        Assert.Equal("status", Assert.Throws<ArgumentException>(() => session.AsClosed(SessionStatus.Active)).ParamName);
        Assert.Equal("status", Assert.Throws<ArgumentOutOfRangeException>(() => session.AsClosed((SessionStatus)4)).ParamName);
        Assert.Equal("reason", Assert.Throws<ArgumentException>(() => session.AsClosed(SessionStatus.Completed, "")).ParamName);
    }

    [Fact]
    public void Owners_OfTwoIssuers_AreTwo()
    {
        Assert.Equal(new SessionOwner("sub", "alice", "a"), new SessionOwner("sub", "alice", "a"));
        Assert.NotEqual(new SessionOwner("sub", "alice", "a"), new SessionOwner("sub", "alice", "b"));
        Assert.NotEqual(new SessionOwner("sub", "alice", "a"), new SessionOwner("sub", "Alice", "a"));
        Assert.NotEqual(new SessionOwner("sub", "alice", "a"), new SessionOwner("oid", "alice", "a"));
    }

    [Fact]
    public void Copy_UnderItsOwnIdOrWithoutOne_IsTheSameSession()
    {
        var session = Make.FullSession() with { Version = 3, FrameCount = 5, FirstSequence = 2, LastActivity = Make.At, ExpiresAt = Make.At.AddHours(1) };

        Assert.Equal(session, new Session(session));
        Assert.Equal(session, new Session(session, session.Id));
    }

    [Fact]
    public void Copy_UnderAnotherId_IsAnotherSessionWithWhatTheApplicationOwns()
    {
        var session = Make.FullSession() with { Version = 3, FrameCount = 5, FirstSequence = 2, LastActivity = Make.At, ExpiresAt = Make.At.AddHours(1) };

        var copy = new Session(session, new SessionId("other"));

        Assert.Equal("other", copy.Id.Value);
        Assert.NotEqual(session.Generation, copy.Generation);
        Assert.Equal((0, 0, 0), (copy.Version, copy.FrameCount, copy.FirstSequence));
        Assert.Equal((default, default), (copy.LastActivity, copy.ExpiresAt));
        Assert.Equal(session.Tags, copy.Tags);
        Assert.Equal("id", Assert.Throws<ArgumentException>(() => new Session(session, default(SessionId))).ParamName);
        Assert.Equal("original", Assert.Throws<ArgumentNullException>(() => new Session(null!)).ParamName);
    }
}
