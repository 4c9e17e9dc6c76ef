namespace Shadowcat.Sessions.Mcp;

/// <summary>Identifies the session that a message belongs to.</summary>
public sealed record SessionCorrelation
{
    private SessionCorrelation(SessionBoundary boundary, string? key)
    {
        Boundary = boundary;
        Key = key;
    }

    /// <summary>The message and its answer are a session of their own.</summary>
    public static SessionCorrelation Exchange { get; } = new(SessionBoundary.Exchange, key: null);

    /// <summary>What makes the messages one session.</summary>
    public SessionBoundary Boundary { get; }

    /// <summary>The key of the session; null for an exchange.</summary>
    public string? Key { get; }

    /// <summary>The message belongs to a session of the transport, whose end is known.</summary>
    /// <param name="transportSessionId">The id that the transport gave the session; not empty.</param>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    public static SessionCorrelation ByTransport(string transportSessionId) => new(SessionBoundary.Handshake, Storable(transportSessionId));

    /// <summary>The message belongs to the session of all messages with the same key, until that is idle for <see cref="SessionRecordingOptions.IdleTimeout"/>.</summary>
    /// <param name="key">The key; not empty. <see cref="StorableText.Of"/> of it is stored as <see cref="Session.CorrelationKey"/>, so it must not hold a secret.</param>
    /// <exception cref="ArgumentException">The key is null or empty.</exception>
    public static SessionCorrelation ByKey(string key) => new(SessionBoundary.Correlated, Storable(key));

    private static string Storable(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return StorableText.Of(key);
    }
}
