namespace Shadowcat.Sessions.Redis;

/// <summary>What was answered of a session.</summary>
/// <param name="Session">The session; null where there is none.</param>
/// <param name="Fault">Why it cannot be read.</param>
/// <param name="Other">The list of frames that the session has, where that is not the one that was asked for: the session has to be read again.</param>
internal readonly record struct SessionAnswer(Session? Session = null, SessionSerializationException? Fault = null, KnownList? Other = null)
{
    /// <summary>Whether that is an answer.</summary>
    public bool IsRead => Other is null;

    /// <summary>The session; null where there is none.</summary>
    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public Session? Value => Fault is null ? Session : throw Fault;
}
