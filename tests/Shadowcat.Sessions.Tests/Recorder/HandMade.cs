using System.Text;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A recording that is made by hand, frame by frame, a millisecond after the other.</summary>
internal sealed class HandMade
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly List<MessageEnvelope> _frames = [];
    private readonly Session _session;
    private DateTimeOffset _now = Start;
    private long _next;

    /// <param name="boundary">What makes it one session.</param>
    /// <param name="isClosed">Whether it is over.</param>
    public HandMade(SessionBoundary boundary = SessionBoundary.Handshake, bool isClosed = true)
    {
        var session = new Session(SessionId.New(), TransportType.Stdio)
        {
            Boundary = boundary,
            CreatedAt = Start,
            ClientInfo = Peer.Create("client", "1"),
            ServerInfo = Peer.Create("server", "1"),
        };
        _session = isClosed ? session.AsClosed(SessionStatus.Completed, "over") : session;
    }

    /// <summary>Its session as a store would know it.</summary>
    public Session Session => _session with { FrameCount = _frames.Count };

    /// <summary>One with a handshake, as revisions before 2026-07-28 have it.</summary>
    public static HandMade WithHandshake(string version = "2025-11-25", bool isClosed = true) => new HandMade(isClosed: isClosed)
        .Client($$$"""{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"{{{version}}}","capabilities":{},"clientInfo":{"name":"client","version":"1"} } }""")
        .Server($$$"""{"jsonrpc":"2.0","id":"init","result":{"protocolVersion":"{{{version}}}","capabilities":{},"serverInfo":{"name":"server","version":"1"} } }""")
        .Client("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

    /// <summary>A message of the client.</summary>
    public HandMade Client(string message, string? exchange = null, params (string Key, string Value)[] metadata) => Add(MessageDirection.ClientToServer, message, exchange, metadata);

    /// <summary>A message of the server.</summary>
    public HandMade Server(string message, string? exchange = null, params (string Key, string Value)[] metadata) => Add(MessageDirection.ServerToClient, message, exchange, metadata);

    /// <summary>What the recorder says of the end of an exchange.</summary>
    public HandMade End(string how, string by, string? exchange = null, string? status = null) => Add(
        status is null ? MessageDirection.Internal : MessageDirection.ServerToClient,
        "",
        exchange,
        [("exchange.end", how), ("exchange.ended-by", by), .. status is null ? Array.Empty<(string, string)>() : [("http.status", status)]]);

    /// <summary>Lets time pass.</summary>
    public HandMade After(TimeSpan time)
    {
        _now += time;
        return this;
    }

    /// <summary>Leaves frames out.</summary>
    public HandMade Skip(int frames)
    {
        _next += frames;
        return this;
    }

    /// <summary>Changes the last frame.</summary>
    public HandMade But(Func<MessageEnvelope, MessageEnvelope> change)
    {
        _frames[^1] = change(_frames[^1]);
        return this;
    }

    /// <summary>Its frames, as a store gives them.</summary>
    public IAsyncEnumerable<MessageEnvelope> ReadAsync() => _frames.ToAsyncEnumerable();

    /// <summary>Puts it into a store.</summary>
    public async Task<Session> SaveAsync(ISessionStore store)
    {
        Session created = await store.CreateSessionAsync(_session, TestContext.Current.CancellationToken);
        await store.AddFramesAsync(created.Id, _frames, TestContext.Current.CancellationToken);
        return created;
    }

    /// <summary>Writes it as an archive.</summary>
    public async Task ExportAsync(string path)
    {
        var store = new InMemorySessionStore();
        await SaveAsync(store);
        await using FileStream file = SessionArchive.OpenFile(path);
        await store.ExportSessionAsync(_session.Id, file, cancellationToken: TestContext.Current.CancellationToken);
    }

    private HandMade Add(MessageDirection direction, string message, string? exchange, (string Key, string Value)[] metadata)
    {
        _now += TimeSpan.FromMilliseconds(1);
        _frames.Add(new MessageEnvelope(_session.Id, direction, TransportType.Stdio, Encoding.UTF8.GetBytes(message), _now)
        {
            Sequence = _next++,
            ExchangeId = exchange,
            Metadata = FrameMetadata.Create(metadata.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))),
        });
        return this;
    }
}
