namespace Shadowcat.Sessions;

/// <summary>The server no longer has frames that it had acknowledged: it came back from older data, failed over to a replica that lagged behind, or evicted them.</summary>
/// <remarks>
/// An append that throws this has written nothing, unless the message says at which sequence its frame was stored. It is thrown once to whoever knew of the lost frames; the
/// next append continues behind every sequence that this process knows to have been given.
/// </remarks>
public sealed class FramesLostException : SessionStoreException
{
    /// <summary>Reports frames that the server lost.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="sequence">A sequence that was acknowledged or read, and whose frame is gone or is another one now.</param>
    /// <param name="message">What was found, and what was done or not done.</param>
    public FramesLostException(string operation, SessionId sessionId, long sequence, string message)
        : base(operation, sessionId, message) => Sequence = sequence;

    /// <summary>A sequence that was acknowledged or read, and whose frame is gone or is another one now. Frames before it, and behind it, may be gone too.</summary>
    public long Sequence { get; }
}
