using System.Security.Claims;
using System.Text;

namespace Shadowcat.Sessions.Aot;

/// <summary>What the calls are made with.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static readonly SessionOwner Owner = new("sub", "ada", "https://issuer.example");

    public static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity([new Claim("sub", "ada", ClaimValueTypes.String, "https://issuer.example")], "test"));

    /// <summary>A session with a value in everything that an application can set.</summary>
    public static Session Session(string tag = "sample") => new(SessionId.New(), TransportType.StreamableHttp)
    {
        Attributes = SessionAttributes.Create([new("tenant", "blue")]),
        Boundary = SessionBoundary.Correlated,
        ClientInfo = Peer.Create("client", "1.0", "A client"),
        CorrelationKey = "key",
        MaxLifetime = TimeSpan.FromDays(1),
        Owner = Owner,
        ServerInfo = Peer.Parse("""{"name":"server","version":"2.0"}"""),
        State = SessionState.Active,
        Tags = [tag, "aot"],
        TimeToLive = TimeSpan.FromHours(1),
        TransportSessionId = "transport",
        VersionState = new VersionState
        {
            Attempts = [new VersionAttempt("2026-07-28", "2025-11-25")],
            Negotiated = "2025-11-25",
            Requested = "2026-07-28",
            TransportHeader = "2025-11-25",
        },
    };

    /// <summary>A request of a session.</summary>
    public static MessageEnvelope Frame(SessionId id, int number = 1) =>
        new(id, MessageDirection.ClientToServer, TransportType.StreamableHttp, Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{number}},"method":"tools/list"}"""), Time)
        {
            ExchangeId = "exchange",
            Metadata = FrameMetadata.Create([new("trace", "abc")]),
        };
}
