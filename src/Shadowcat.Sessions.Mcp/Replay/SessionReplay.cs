using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Sends what a recorded client said to a server, and compares what that one answers with what was answered then.</summary>
public static class SessionReplay
{
    /// <summary>Replays the client of a recorded session.</summary>
    /// <param name="store">Where the session is.</param>
    /// <param name="id">The recorded session.</param>
    /// <param name="server">A connection to the server, to which nothing was sent yet, such as <c>await clientTransport.ConnectAsync()</c>. It is not disposed of.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the replay.</param>
    /// <returns>What was the same and what was not.</returns>
    /// <remarks>
    /// <para>The client's requests and notifications are sent in their order with their ids (another where one is under way already, or the SDK does not read it), handshake included, each as soon as everything is answered that was answered
    /// before it then; what was under way at the same time is so again. Results and errors are compared as JSON: neither the order of members
    /// nor the spelling of numbers counts, nor <c>_meta</c> of a result.</para>
    /// <para>What the server asks the client for is answered as the recorded client answered the same request; what it does not ask for any more is a difference. Of notifications
    /// only the number is compared, by method. What is missing of both is waited for a second after the last answer.</para>
    /// <para>Nothing is made up: where a later request of the recording rests on a value that the server chose, such as a cursor, it is sent with the old value.</para>
    /// </remarks>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="SessionStoreException">The store failed, or has a frame that cannot be read.</exception>
    /// <exception cref="ArgumentException">An argument is null or <paramref name="id"/> is <c>default</c>.</exception>
    public static async Task<ReplayReport> ReplayClientAsync(
        this ISessionStore store, SessionId id, ITransport server, SessionReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(server);
        if (id.IsDefault)
        {
            throw new ArgumentException("A session id must not be empty.", nameof(id));
        }

        var messages = await RecordedMessages.ReadAsync(store, id, cancellationToken).ConfigureAwait(false);
        using var client = new ReplayedClient(messages, server, options ?? new SessionReplayOptions());
        return await client.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
