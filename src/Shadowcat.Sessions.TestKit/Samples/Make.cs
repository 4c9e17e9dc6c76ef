using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.TestKit;

/// <summary>Sessions and frames to test with.</summary>
internal static class Make
{
    public static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>A request id that is a JSON number, by its literal.</summary>
    public static RequestId? NumberId(string literal) =>
        RequestId.TryParseNumber(Encoding.ASCII.GetBytes(literal), out var id) ? id : throw new ArgumentException("It is no number.", nameof(literal));

    public static Session Session() => new(SessionId.New(), TransportType.StreamableHttp);

    public static IEnumerable<Session> Sessions(int count) => Enumerable.Range(0, count).Select(_ => Session());

    /// <summary>A session with a value of its own in everything the application owns.</summary>
    public static Session FullSession() => new(SessionId.New(), TransportType.WebSocket)
    {
        Status = SessionStatus.Failed,
        State = SessionState.Closed,
        Boundary = SessionBoundary.Correlated,
        CreatedAt = new DateTimeOffset(2025, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)),
        ClientInfo = Peer.Parse("""{ "version" : "1.2.3",  "name":"cl\u00efent", "name2":"\ud83d\ude80 日本", "big":1e400, "icons":[{"src":null}], "title":7 }"""),
        ServerInfo = Peer.Create("server", "2.0", "Größe 👩‍🚀"),
        VersionState = new VersionState
        {
            Requested = "2026-07-28",
            Negotiated = "2025-11-25",
            TransportHeader = "2025-06-18",
            Attempts = [new VersionAttempt("2027-01-01"), new VersionAttempt("2026-07-28", "2025-11-25")],
        },
        Tags = ["prod", "größe", "日本", "👩‍🚀", "a,b", "{x}:y", "with space", "\"quoted\\"],
        Attributes = SessionAttributes.Create([new("upstream", "https://größe.example/mcp?a=\"b\"&c"), new("日本", "👩‍🚀\tand a tab"), new("empty", "")]),
        TransportSessionId = "Mcp-Session-Id: ü/{}",
        CorrelationKey = "trace/00-ab-cd",
        Owner = new SessionOwner("sub", "älice", "https://issuer.example/"),
        CloseReason = "the server said 🙈",
        TimeToLive = TimeSpan.FromMilliseconds(7_654_321),
        MaxLifetime = TimeSpan.FromMilliseconds(98_765_432),
    };

    /// <summary>A notification with a <see cref="Number"/> of its own.</summary>
    public static MessageEnvelope Frame(SessionId id, int number = 0) =>
        Frame(id, Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"n/{{number}}"}"""));

    public static MessageEnvelope Frame(SessionId id, byte[] payload) =>
        new(id, MessageDirection.ClientToServer, TransportType.StreamableHttp, payload, At);

    /// <summary>A frame with a value of its own in everything that can have one.</summary>
    public static MessageEnvelope FullFrame(SessionId id) => new(
        id,
        MessageDirection.ServerToClient,
        TransportType.WebSocket,
        """{"jsonrpc":"2.0","id":"größe-1","method":"own/method","params":{"protocolVersion":"2025-11-25"}}"""u8.ToArray(),
        At.AddTicks(1_234_567))
    {
        ExchangeId = "exchange/日本",
        Flags = MessageFlags.Truncated | MessageFlags.Undelivered,
        Metadata = FrameMetadata.Create([new("status", "200"), new("header:größe", "👩‍🚀\tand a tab"), new("empty", "")]),
    };

    public static MessageEnvelope[] Frames(SessionId id, int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(number => Frame(id, number))];

    public static int Number(MessageEnvelope frame) =>
        int.Parse(Encoding.UTF8.GetString(frame.Payload.Span).Split("n/")[1].TrimEnd('"', '}'), CultureInfo.InvariantCulture);

    /// <summary>Asserts that these frames are the ones numbered and sequenced from there on, without a gap.</summary>
    public static void AssertNumbered(IReadOnlyList<MessageEnvelope> frames, int first, int count)
    {
        Assert.Equal(Enumerable.Range(first, count).Select(number => (long)number), frames.Select(frame => frame.Sequence));
        Assert.Equal(Enumerable.Range(first, count), frames.Select(Number));
    }
}
