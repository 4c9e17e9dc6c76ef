namespace Shadowcat.Sessions.Tests.Errors;

/// <summary>What the exceptions carry and say.</summary>
public sealed class ErrorTests
{
    private static readonly SessionId Id = new("the-id");
    private static readonly InvalidOperationException Cause = new("the cause");

    public static TheoryData<SessionStoreException> All =>
    [
        new SessionStoreException("Op", Id, "what.", Cause),
        new SessionNotFoundException("Op", Id),
        new SessionAlreadyExistsException("Op", Id),
        new SessionConflictException("Op", new Session(Id, TransportType.Http), 3),
        new SessionStoreUnavailableException("Op", Id, "what.", outcomeUnknown: true, Cause),
        new SessionTimeoutException("Op", Id, TimeSpan.FromSeconds(1.5), Cause),
        new SessionSerializationException("Op", Id, "what", 2, 9, Cause),
        new SessionLimitExceededException("Op", Id, "MaxX", "what.", Cause),
        new SessionStoreConfigurationException("Op", Id, "what.", Cause),
        new FramesLostException("Op", Id, 3, "frame 3 is gone."),
        new FramesTrimmedException("Op", Id, 3, 5),
        new SessionArchiveException("Op", Id, 7, "what.", Cause),
    ];

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Every_NamesOperationAndSession(SessionStoreException exception)
    {
        Assert.Equal("Op", exception.Operation);
        Assert.Equal(Id, exception.SessionId);
        Assert.StartsWith("Op of session 'the-id': ", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.InnerException is null || ReferenceEquals(exception.InnerException, Cause));
    }

    [Fact]
    public void Every_IsAmongThoseTestedHere()
    {
        var types = typeof(SessionStoreException).Assembly.GetTypes().Where(type => type.IsPublic && type.IsAssignableTo(typeof(Exception)));

        Assert.Equal(types.Select(type => type.Name).Order(), All.Select(row => row.Data.GetType().Name).Order());
    }

    [Fact]
    public void WithoutSession_NamesTheOperationAlone()
    {
        Assert.Equal("CountSessions: what.", new SessionStoreException("CountSessions", null, "what.").Message);
        Assert.Null(new SessionStoreUnavailableException("CountSessions", null, "what.", false).SessionId);
    }

    [Fact]
    public void Conflict_CarriesTheCurrentSession()
    {
        var current = new Session(Id, TransportType.Http) { Version = 7 };

        var exception = new SessionConflictException("UpdateSession", current, attempted: 5);

        Assert.Same(current, exception.Current);
        Assert.Equal(Id, exception.SessionId);
        Assert.Contains("version 5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("version 7", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new SessionConflictException("UpdateSession", null!, 5));
    }

    [Fact]
    public void Trimmed_CarriesBothSequences()
    {
        var exception = new FramesTrimmedException("GetFrames", Id, 3, 5);

        Assert.Equal((3, 5), (exception.RequestedSequence, exception.FirstSequence));
        Assert.Contains("frame 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("5", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialization_NamesVersionAndFrame()
    {
        var exception = new SessionSerializationException("GetFrames", Id, "no array", formatVersion: 9, sequence: 12);

        Assert.Equal((9, 12), (exception.FormatVersion, exception.Sequence));
        Assert.Contains("frame 12", exception.Message, StringComparison.Ordinal);
        Assert.Contains("format version 9", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no format version", new SessionSerializationException("GetSession", Id, "no array").Message, StringComparison.Ordinal);
        Assert.Null(new SessionSerializationException("GetSession", Id, "no array").Sequence);
    }

    [Fact]
    public void Others_CarryWhatTheySay()
    {
        Assert.Equal("MaxFramesPerSession", new SessionLimitExceededException("AddFrame", Id, "MaxFramesPerSession", "full.").Limit);
        Assert.Equal(TimeSpan.FromSeconds(1.5), new SessionTimeoutException("AddFrame", Id, TimeSpan.FromSeconds(1.5)).Timeout);
        Assert.Contains("1500 ms", new SessionTimeoutException("AddFrame", Id, TimeSpan.FromSeconds(1.5)).Message, StringComparison.Ordinal);
        Assert.True(new SessionStoreUnavailableException("AddFrame", Id, "gone.", outcomeUnknown: true).OutcomeUnknown);
        Assert.False(new SessionStoreUnavailableException("AddFrame", Id, "gone.", outcomeUnknown: false).OutcomeUnknown);
        Assert.Contains("late", new SessionStoreConfigurationException("Connect", null, "late.").Message, StringComparison.Ordinal);
    }
}
