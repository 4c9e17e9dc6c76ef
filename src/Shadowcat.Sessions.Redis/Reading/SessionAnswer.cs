namespace Shadowcat.Sessions.Redis;

/// <summary>The answer to the read of a session.</summary>
/// <param name="Session">The session; null where there is none.</param>
/// <param name="Fault">Why it cannot be read.</param>
/// <param name="Other">The list that the session has, where the read named another one: the session has to be read again.</param>
internal readonly record struct SessionAnswer(Session? Session = null, SessionSerializationException? Fault = null, KnownList? Other = null)
{
    /// <summary>Whether the session was read.</summary>
    public bool IsRead => Other is null;

    /// <summary>The session; null where there is none.</summary>
    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public Session? Value => Fault is null ? Session : throw Fault;
}
