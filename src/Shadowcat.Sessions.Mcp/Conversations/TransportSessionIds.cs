namespace Shadowcat.Sessions.Mcp;

/// <summary>Derives what is stored of a session from the id that a transport gave it. The id itself is not stored, since whoever knows it can send in the session.</summary>
/// <example><code>var session = await store.GetSessionAsync(TransportSessionIds.ToSessionId(request.Headers["Mcp-Session-Id"].ToString()));</code></example>
public static class TransportSessionIds
{
    private const string Hashed = "sha256:";

    /// <summary>Returns the id under which every replica records a session of a transport.</summary>
    /// <param name="transportSessionId">The id that the transport gave the session, such as <c>Mcp-Session-Id</c>; not empty.</param>
    /// <returns>32 hexadecimal digits of a hash.</returns>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    public static SessionId ToSessionId(string transportSessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(transportSessionId);
        return new SessionId(StorableText.HashOf($"transport:{transportSessionId}"));
    }

    /// <summary>Returns what is stored as <see cref="Session.TransportSessionId"/>.</summary>
    /// <param name="transportSessionId">The id that the transport gave the session, or a result of this method; not empty.</param>
    /// <returns><c>sha256:</c> and the digits of <see cref="ToSessionId"/>. A text that begins with <c>sha256:</c> is returned as it is.</returns>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    public static string ToRecordedText(string transportSessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(transportSessionId);
        return transportSessionId.StartsWith(Hashed, StringComparison.Ordinal) ? transportSessionId : Hashed + ToSessionId(transportSessionId).Value;
    }
}
