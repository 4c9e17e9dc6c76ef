namespace Shadowcat.Sessions.Tests.Sessions;

/// <summary>What counts against the bounds of memory: every text of a session, with two bytes a character.</summary>
public sealed class SessionTextTests
{
    private static readonly Session Bare = new(new SessionId("id"), TransportType.Http);

    public static TheoryData<Session, long> OneText => new()
    {
        { new Session(new SessionId("12345"), TransportType.Http), 3 },

        // A peer keeps its JSON, and the texts that were read from it.
        { Bare with { ClientInfo = Peer.Parse("""{"name":"c"}""") }, 2 * 12 },
        { Bare with { ServerInfo = Peer.Parse("""{"name":"server"}""") }, 2 * 17 },
        { Bare with { ClientInfo = Peer.Parse("""{"name":"c"}"""), ServerInfo = Peer.Parse("""{"name":"server"}""") }, 2 * (12 + 17) },
        { Bare with { Tags = ["a", "bcd"] }, 4 },
        { Bare with { Attributes = SessionAttributes.Create([new("a", "bc"), new("def", "g")]) }, 7 },
        { Bare with { VersionState = new VersionState { Attempts = [new VersionAttempt("12"), new VersionAttempt("345", "6789")] } }, 9 },
        { Bare with { TransportSessionId = "transport" }, 9 },
        { Bare with { CorrelationKey = "key" }, 3 },
        { Bare with { CloseReason = "done" }, 4 },
        { Bare with { Owner = new SessionOwner("sub", "al", "i") }, 6 },
    };

    [Theory]
    [MemberData(nameof(OneText), DisableDiscoveryEnumeration = true)]
    public void Bytes_EachText_IsCounted(Session session, long characters) => Assert.Equal(SessionText.Bytes(Bare) + (2 * characters), SessionText.Bytes(session));

    [Fact]
    public void Bytes_AllTexts_IsTheirSum()
    {
        var session = Bare with
        {
            ClientInfo = Peer.Parse("""{"name":"c"}"""),
            Tags = ["a", "bcd"],
            Attributes = SessionAttributes.Create([new("a", "bc")]),
            VersionState = new VersionState { Attempts = [new VersionAttempt("345", "6789")] },
            TransportSessionId = "transport",
            CorrelationKey = "key",
            CloseReason = "done",
            Owner = new SessionOwner("sub", "al", "i"),
        };

        Assert.Equal(2 * (2 + 24 + 4 + 3 + 7 + 9 + 3 + 4 + 6), SessionText.Bytes(session));
        Assert.Equal(4, SessionText.Bytes(Bare));
    }
}
