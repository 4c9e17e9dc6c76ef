using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Sends the messages of a recorded client to a server, and compares its answers with the recorded ones.</summary>
public static class SessionReplay
{
    /// <summary>Replays the client of a recorded session.</summary>
    /// <param name="store">The store with the session.</param>
    /// <param name="id">The recorded session.</param>
    /// <param name="server">A new connection to the server, such as <c>await clientTransport.ConnectAsync()</c>. It is not disposed of.</param>
    /// <param name="options">The options; null, the default, for the defaults.</param>
    /// <param name="cancellationToken">Cancels the replay.</param>
    /// <returns>How many answers were equal, and all differences.</returns>
    /// <remarks>
    /// <para>The requests and notifications of the client are sent in their order and with their ids, including the handshake. A request gets another id where its own is in use or the SDK cannot read it. Each
    /// message is sent as soon as the answers have arrived that the recorded client had then, so requests that were in progress at the same time are so again. Results and errors are compared as JSON:
    /// the order of members, the spelling of numbers and <c>_meta</c> of a result do not matter.</para>
    /// <para>Requests of the server are answered as the recorded client answered the same ones; a request that the server no longer makes is a difference. Notifications are compared by their number for each
    /// method. Missing ones of both are awaited for one second after the last answer.</para>
    /// <para>Values are not adapted: a request that holds a value which the server chose, such as a cursor, is sent with the recorded value.</para>
    /// </remarks>
    /// <exception cref="SessionNotFoundException">The store has no such session.</exception>
    /// <exception cref="SessionStoreException">The store failed, or has a frame that cannot be read.</exception>
    /// <exception cref="ArgumentException">An argument is null or <paramref name="id"/> is <c>default</c>.</exception>
    /// <example>
    /// <code>
    /// await using var server = await new StdioClientTransport(new() { Command = "my-server" }).ConnectAsync();
    /// var report = await store.ReplayClientAsync(id, server);
    /// </code>
    /// </example>
    public static async Task<ReplayReport> ReplayClientAsync(
        this ISessionStore store, SessionId id, ITransport server, SessionReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(server);
        if (id.IsDefault)
        {
            throw new ArgumentException("A session id must not be empty.", nameof(id));
        }

        options ??= new SessionReplayOptions();
        var messages = await RecordedMessages.ReadAsync(store, id, options.FromSequence, cancellationToken).ConfigureAwait(false);
        using var client = new ReplayedClient(messages, server, options);
        return await client.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
