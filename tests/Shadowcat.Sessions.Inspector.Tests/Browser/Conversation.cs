using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>A recorded conversation that a test makes up: every frame so many milliseconds behind the one before it.</summary>
internal sealed class Conversation
{
    private readonly ISessionStore _store;
    private DateTimeOffset _time;

    private Conversation(ISessionStore store, Session session) => (_store, Session, _time) = (store, session, session.CreatedAt);

    public Session Session { get; private set; }

    public SessionId Id => Session.Id;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Begins a session between a client and a server, now or so long ago.</summary>
    public static async Task<Conversation> BeginAsync(ISessionStore store, string client = "claude-code", string server = "weather", TimeSpan ago = default, Func<Session, Session>? configure = null)
    {
        var session = new Session(SessionId.New(), TransportType.StreamableHttp)
        {
            CreatedAt = DateTimeOffset.UtcNow - ago,
            State = SessionState.Active,
            ClientInfo = Peer.Create(client, "2.1"),
            ServerInfo = Peer.Create(server, "1.4"),
            VersionState = new VersionState { Requested = "2025-11-25", Negotiated = "2025-11-25", Attempts = [new VersionAttempt("2025-11-25", "2025-11-25")] },
        };
        return new Conversation(store, await store.CreateSessionAsync(configure?.Invoke(session) ?? session, Ct));
    }

    public Task<long> ClientAsync(string json, double after = 5, string? exchange = null, params (string Key, string Value)[] metadata) => AddAsync(MessageDirection.ClientToServer, json, after, exchange, metadata);

    public Task<long> ServerAsync(string json, double after = 5, string? exchange = null, params (string Key, string Value)[] metadata) => AddAsync(MessageDirection.ServerToClient, json, after, exchange, metadata);

    public Task<long> AddAsync(MessageDirection direction, string json, double after = 5, string? exchange = null, params (string Key, string Value)[] metadata) =>
        AddAsync(direction, Encoding.UTF8.GetBytes(json), after, exchange, MessageFlags.None, metadata);

    public async Task<long> AddAsync(MessageDirection direction, byte[] payload, double after = 5, string? exchange = null, MessageFlags flags = MessageFlags.None, params (string Key, string Value)[] metadata)
    {
        _time = _time.AddMilliseconds(after);
        var known = metadata.Select(static entry => new KeyValuePair<string, string>(entry.Key, entry.Value));
        return await _store.AddFrameAsync(new MessageEnvelope(Id, direction, Session.TransportType, payload, _time) { ExchangeId = exchange, Flags = flags, Metadata = FrameMetadata.Create(known) }, Ct);
    }

    /// <summary>The call of a tool and its answer.</summary>
    public async Task<long> CallAsync(int id, string tool, double took = 12, string text = "done")
    {
        var sequence = await ClientAsync(Request(id, "tools/call", $$$"""{"name":"{{{tool}}}","arguments":{"city":"Oslo"}}"""));
        await ServerAsync(Result(id, $$"""{"content":[{"type":"text","text":"{{text}}"}],"isError":false}"""), took);
        return sequence;
    }

    public async Task CloseAsync(SessionStatus status = SessionStatus.Completed, string? reason = null) =>
        Session = await _store.UpdateSessionAsync((await _store.GetSessionAsync(Id, Ct))!.AsClosed(status, reason), Ct);

    public static string Request(int id, string method, string parameters = "{}") => string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");

    public static string Result(int id, string result = "{}") => string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""");

    public static string Error(int id, int code, string message) => string.Create(CultureInfo.InvariantCulture, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":"{{{message}}}"}}""");

    public static string Notification(string method, string parameters = "{}") => $$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""";
}
