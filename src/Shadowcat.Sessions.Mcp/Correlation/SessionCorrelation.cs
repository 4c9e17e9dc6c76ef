namespace Shadowcat.Sessions.Mcp;

/// <summary>What makes a message part of a session.</summary>
public sealed record SessionCorrelation
{
    private SessionCorrelation(SessionBoundary boundary, string? key)
    {
        Boundary = boundary;
        Key = key;
    }

    /// <summary>The message and what answers it are a session of their own.</summary>
    public static SessionCorrelation Exchange { get; } = new(SessionBoundary.Exchange, key: null);

    /// <summary>What brings the messages of the session together.</summary>
    public SessionBoundary Boundary { get; }

    /// <summary>The key that they share; null for an exchange.</summary>
    public string? Key { get; }

    /// <summary>The message belongs to a session of the transport.</summary>
    /// <param name="transportSessionId">What the transport calls it.</param>
    public static SessionCorrelation ByTransport(string transportSessionId) => new(SessionBoundary.Handshake, Storable(transportSessionId));

    /// <summary>The message belongs with all others of the same key, as long as no silence of <see cref="SessionRecordingOptions.IdleTimeout"/> lies between them.</summary>
    /// <param name="key">The key. It is stored as <see cref="Session.CorrelationKey"/>, so it must hold no secret; where that would not take it, a hash of it.</param>
    public static SessionCorrelation ByKey(string key) => new(SessionBoundary.Correlated, Storable(key));

    private static string Storable(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return StorableText.Of(key);
    }
}
