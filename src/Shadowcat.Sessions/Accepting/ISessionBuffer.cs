namespace Shadowcat.Sessions;

/// <summary>Takes sessions and frames in at once and stores them when the store serves. <see cref="BufferedSessionStore"/> is one.</summary>
/// <remarks>
/// <para><b>What accepting promises.</b> What was accepted is in the memory of this process. It is stored exactly once, behind everything that was accepted or appended for
/// its session through the same buffer before, as soon as the store serves. It is lost where the process dies first, and is given up where the store
/// refuses it for good: the session is gone (deleted, or expired while the store was away), is full, or cannot be created; and where disposing runs out of time. Then
/// <see cref="Accepted{T}.Stored"/> fails with the reason and <see cref="SessionBufferStatus.LostFrames"/> counts it: nothing is ever dropped silently.</para>
/// <para><b>For which session.</b> What is accepted for an id is stored in the session it was accepted for, and in no later one that has the same id: see <see cref="BufferedSessionStore"/> for how that is known, and
/// for what is promised where it is not.</para>
/// <para><b>The bound.</b> What exceeds it is refused with a <see cref="SessionLimitExceededException"/>, nothing done, and counted in <see cref="SessionBufferStatus.RefusedFrames"/>.</para>
/// </remarks>
public interface ISessionBuffer
{
    /// <summary>The state of the buffer at this moment.</summary>
    SessionBufferStatus Status { get; }

    /// <summary>Takes a session in, to be created when the store serves.</summary>
    /// <param name="session">The session; what the store owns in it is ignored.</param>
    /// <returns>What becomes of it: the session as stored.</returns>
    /// <remarks>Where it cannot be created, the frames that were accepted for it meanwhile are given up with it.</remarks>
    /// <exception cref="SessionLimitExceededException">The buffer is full; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    /// <exception cref="ArgumentException">The session is null.</exception>
    Accepted<Session> AcceptSession(Session session);

    /// <summary>Takes a frame in, to be appended to its session when the store serves.</summary>
    /// <param name="frame">The frame. Its payload is copied: it may change when the call is back.</param>
    /// <returns>What becomes of it: its sequence.</returns>
    /// <exception cref="SessionLimitExceededException">The buffer is full; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    /// <exception cref="ArgumentException">The frame is null or its payload larger than <see cref="SessionStoreOptions.MaxFrameBytes"/>.</exception>
    Accepted<long> AcceptFrame(MessageEnvelope frame);

    /// <summary>Takes several frames of one session in, to be appended side by side when the store serves: all of them or none.</summary>
    /// <param name="id">The session of all the frames.</param>
    /// <param name="frames">1 to <see cref="SessionStoreLimits.MaxBatchFrames"/> (1000) frames of that session, at most <see cref="SessionStoreOptions.MaxBatchBytes"/> of payload together. The payloads are copied.</param>
    /// <returns>What becomes of them: the sequence of the first.</returns>
    /// <exception cref="SessionLimitExceededException">The buffer is full; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    /// <exception cref="ArgumentException">The list is null, empty or too long, or a frame is null, too large, or of another session.</exception>
    Accepted<long> AcceptFrames(SessionId id, IReadOnlyList<MessageEnvelope> frames);

    /// <summary>Reads a session; where the store does not serve, answers with the session as it was last known, and says so.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, and whether it is what the store has or what was known of it when; null when there is none or it has expired.</returns>
    /// <remarks>It remembers up to <see cref="BufferedSessionStoreOptions.RememberedSessions"/> sessions that this process read or wrote last: none by default.</remarks>
    /// <exception cref="SessionStoreUnavailableException">The store is away and nothing is remembered.</exception>
    /// <exception cref="SessionTimeoutException">The store does not answer and nothing is remembered.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    ValueTask<KnownSession?> GetKnownSessionAsync(SessionId id, CancellationToken cancellationToken = default);
}
