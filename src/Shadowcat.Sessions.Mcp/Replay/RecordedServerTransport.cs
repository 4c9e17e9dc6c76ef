using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Lets a recorded session answer a client, as the server did that was recorded.</summary>
/// <remarks>
/// <para>A request is answered with what answered the same request in the recording: the same method, and the same <c>params</c> but for
/// <c>_meta</c>. Of several that are the same, each is used once, in order, and the last one again and again. <c>initialize</c> and <c>server/discover</c> are answered
/// whoever asks. The answer carries the id of the caller.</para>
/// <para>Before an answer comes what the server said before it: notifications, with the progress token of the caller, and requests of its own, whose answers are
/// awaited where the server had awaited them. What the server said of its own accord after the
/// client had notified it of something, or answered it, comes when the client does so again.</para>
/// <para><c>server/discover</c>, where the recorded client had asked it elsewhere or not at all, is answered with what the recording shows: the versions that requests named and
/// the capabilities of the methods that were answered. So a client finds its way that asks in one process and talks in another.</para>
/// <para>What is not in the recording is answered with a JSON-RPC error: -32601 where the method was never asked for, -32602 where it was with other
/// <c>params</c>, -32603 where the recording has no answer, or only a part of it.</para>
/// <para>The recording is read once when a client connects; in memory stays about 100 bytes of a message. Frames that are no single JSON-RPC message are passed over.</para>
/// </remarks>
/// <example><code>await using var client = await McpClient.CreateAsync(new RecordedServerTransport(store, id));</code></example>
public sealed class RecordedServerTransport : IClientTransport
{
    private readonly ISessionStore _store;
    private readonly SessionId _id;

    /// <summary>Makes a transport; each connection replays the session from its beginning.</summary>
    /// <param name="store">Where the session is. It is not disposed of.</param>
    /// <param name="id">The recorded session.</param>
    /// <exception cref="ArgumentException"><paramref name="store"/> is null or <paramref name="id"/> is <c>default</c>.</exception>
    public RecordedServerTransport(ISessionStore store, SessionId id)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _id = id.IsDefault ? throw new ArgumentException("A session id must not be empty.", nameof(id)) : id;
    }

    /// <inheritdoc/>
    public string Name => $"replay of {_id}";

    /// <summary>Reads the recording.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="SessionStoreException">The store failed, or has a frame that cannot be read.</exception>
    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) =>
        new ReplayedServer(await RecordedMessages.ReadAsync(_store, _id, cancellationToken).ConfigureAwait(false));
}
