using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>A client transport that connects to a recorded session instead of a server: requests get the recorded answers.</summary>
/// <remarks>
/// <para>A request is answered with the recorded answer to the same request: the same method, and the same <c>params</c> apart from <c>_meta</c>. Of equal recorded requests, the answer of each is used once,
/// in order, and that of the last one again and again. <c>initialize</c> and <c>server/discover</c> are answered whatever their <c>params</c>. The answer has the id of the caller's request.</para>
/// <para>Before an answer the client receives what the recorded server sent before it: notifications, with the progress token of the caller, and requests of the server, whose answers are awaited where
/// the recorded server had them first. What the server sent after a notification or an answer of the client comes when the client sends the same again.</para>
/// <para><c>server/discover</c> is answered also where it is not in the recording, with the versions and the capabilities of the requests that were answered. A client may ask it in one process and make its
/// calls in another.</para>
/// <para>A request that is not in the recording is answered with a JSON-RPC error: -32601 where no request has its method, -32602 where none has its <c>params</c>, -32603 where the recording has no complete
/// answer.</para>
/// <para>The recording is read once for each connection, which keeps about 100 bytes of each message in memory. Frames that are not a single JSON-RPC message are skipped.</para>
/// </remarks>
/// <example><code>await using var client = await McpClient.CreateAsync(new RecordedServerTransport(store, id));</code></example>
public sealed class RecordedServerTransport : IClientTransport
{
    private readonly ISessionStore _store;
    private readonly SessionId _id;

    /// <summary>Creates the transport. Each connection replays the session from its beginning, or from <see cref="FromSequence"/>.</summary>
    /// <param name="store">The store with the session. It is not disposed of.</param>
    /// <param name="id">The recorded session.</param>
    /// <exception cref="ArgumentException"><paramref name="store"/> is null or <paramref name="id"/> is <c>default</c>.</exception>
    public RecordedServerTransport(ISessionStore store, SessionId id)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _id = id.IsDefault ? throw new ArgumentException("A session id must not be empty.", nameof(id)) : id;
    }

    /// <summary>The first frame that is replayed, by its sequence. Before it comes the handshake alone: <c>initialize</c>, <c>server/discover</c> and <c>notifications/initialized</c> of the recorded client, with their answers.</summary>
    /// <value>At least 0; 0 by default, for the whole session.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public long FromSequence
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "FromSequence must be at least 0.");
    }

    /// <inheritdoc/>
    public string Name => $"replay of {_id}";

    /// <summary>Reads the recording and connects to it.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SessionNotFoundException">The store has no such session.</exception>
    /// <exception cref="SessionStoreException">The store failed, or has a frame that cannot be read.</exception>
    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) =>
        new ReplayedConnection(await RecordedMessages.ReadAsync(_store, _id, FromSequence, cancellationToken).ConfigureAwait(false));
}
