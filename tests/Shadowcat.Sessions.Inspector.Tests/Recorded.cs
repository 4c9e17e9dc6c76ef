using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests;

/// <summary>A session of frames that a test made by hand.</summary>
internal sealed class Recorded
{
    public static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private Recorded(ISessionStore store, Session session) => (Store, Session) = (store, session);

    public ISessionStore Store { get; }

    public Session Session { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Recorded> BeginAsync(ISessionStore? store = null, Session? session = null)
    {
        store ??= new InMemorySessionStore();
        return new Recorded(store, await store.CreateSessionAsync(session ?? new Session(SessionId.New(), TransportType.StreamableHttp) { CreatedAt = At }, Ct));
    }

    /// <summary>A session of a user.</summary>
    public static Session OwnedBy(string user) => new(SessionId.New(), TransportType.Stdio) { Owner = SessionOwner.From(InspectedApplication.User(user)) };

    public Task<long> ClientAsync(string payload, string? exchange = null, params (string Key, string Value)[] metadata) =>
        AddAsync(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes(payload), exchange, MessageFlags.None, metadata);

    public Task<long> ServerAsync(string payload, string? exchange = null, params (string Key, string Value)[] metadata) =>
        AddAsync(MessageDirection.ServerToClient, Encoding.UTF8.GetBytes(payload), exchange, MessageFlags.None, metadata);

    public async Task<long> AddAsync(MessageDirection direction, byte[] payload, string? exchange = null, MessageFlags flags = MessageFlags.None, params (string Key, string Value)[] metadata) =>
        await Store.AddFrameAsync(
            new MessageEnvelope(Session.Id, direction, Session.TransportType, payload, At.AddTicks(12_345))
            {
                ExchangeId = exchange,
                Flags = flags,
                Metadata = FrameMetadata.Create(metadata.Select(static entry => new KeyValuePair<string, string>(entry.Key, entry.Value))),
            },
            Ct);
}
