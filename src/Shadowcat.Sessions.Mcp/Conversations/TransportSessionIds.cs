namespace Shadowcat.Sessions.Mcp;

/// <summary>The identities of sessions that a transport names.</summary>
public static class TransportSessionIds
{
    private const string Hashed = "sha256:";

    /// <summary>The identity under which every replica records a session of the transport.</summary>
    /// <param name="transportSessionId">What the transport calls it, such as <c>Mcp-Session-Id</c>; not empty.</param>
    /// <returns>32 hexadecimal digits, from which nobody learns what the transport calls it: to know that is enough to speak in it.</returns>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public static SessionId ToSessionId(string transportSessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(transportSessionId);
        return new SessionId(StorableText.HashOf($"transport:{transportSessionId}"));
    }

    /// <summary>What is recorded of it as <see cref="Session.TransportSessionId"/>: enough to find its session, and nothing to speak in it with.</summary>
    /// <param name="transportSessionId">What the transport calls it, or what was recorded of that; not empty.</param>
    /// <returns><c>sha256:</c> and the digits of <see cref="ToSessionId"/>; what was recorded stays what it is.</returns>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public static string ToRecordedText(string transportSessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(transportSessionId);
        return transportSessionId.StartsWith(Hashed, StringComparison.Ordinal) ? transportSessionId : Hashed + ToSessionId(transportSessionId).Value;
    }
}
