namespace Shadowcat.Sessions.Redis;

/// <summary>What was answered of a session.</summary>
/// <param name="IsRead">Whether that is an answer; else the list of frames had another name, which is known now, and the session has to be read again.</param>
/// <param name="Session">The session; null where there is none.</param>
/// <param name="Fault">Why it cannot be read.</param>
internal readonly record struct SessionAnswer(bool IsRead, Session? Session = null, SessionSerializationException? Fault = null)
{
    /// <summary>The session; null where there is none.</summary>
    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public Session? Value => Fault is null ? Session : throw Fault;
}
