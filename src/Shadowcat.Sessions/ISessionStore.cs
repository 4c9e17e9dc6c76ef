namespace Shadowcat.Sessions;

/// <summary>Keeps sessions and their frames.</summary>
/// <remarks>
/// <para>Every implementation and every decorator keeps these promises; the conformance suite in the package
/// <c>Shadowcat.Sessions.TestKit</c> checks each of them. All members may be called at the same time from any number of threads and processes.</para>
/// <para><b>To write a store</b>, implement the members without a default. A default calls the other members, and its remarks say what that costs. A decorator derives from <see cref="DelegatingSessionStore"/>.
/// What a store or decorator can do beyond this is found by <see cref="GetService"/>.</para>
/// <para><b>Errors.</b> A caller's mistake throws an <see cref="ArgumentException"/> before any I/O and changes nothing.
/// A failure of the store throws a <see cref="SessionStoreException"/>: <see cref="SessionStoreUnavailableException"/>
/// (nothing was done, or the outcome is unknown, as it says), <see cref="SessionTimeoutException"/> (the outcome is
/// unknown), <see cref="SessionStoreConfigurationException"/> (trying again cannot help),
/// <see cref="SessionLimitExceededException"/> (the store is full; nothing was done). Every member can throw these, so its own documentation does not
/// repeat them. An error names the operation that failed: the member that was called, or, where that is a default, the member that the default calls. Cancelling passes as an <see cref="OperationCanceledException"/>; a write that was cancelled may still take effect.</para>
/// <para><b>Disposing.</b> Where a store or decorator can be disposed of, every member throws an <see cref="ObjectDisposedException"/> once that has begun. Calls that are under way then are
/// completed, or fail with a <see cref="SessionStoreUnavailableException"/>. An enumeration that is under way throws when it asks the store again.</para>
/// <para><b>Order.</b> A call sees what was done by every call that was completed before it, through any store of any process. A store that
/// may take a moment to learn of changes by others says so (<see cref="CachedSessionStore"/>); its own changes are visible at once.</para>
/// <para><b>Expiry.</b> A session lives <see cref="Session.TimeToLive"/> from its last activity (and a 64th more at most, see
/// <see cref="Session.ExpiresAt"/>), but no longer than <see cref="Session.MaxLifetime"/> from its creation, by the store's clock. Then session, frames and index entries end
/// together, and every member treats the session as absent, whether or not its memory has been reclaimed yet.</para>
/// </remarks>
/// <example>
/// <code>
/// ISessionStore store = new InMemorySessionStore();
/// var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio) { Tags = ["demo"] });
/// await store.AddFrameAsync(new MessageEnvelope(
///     session.Id, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow));
/// await foreach (var frame in store.GetFramesAsync(session.Id))
/// {
///     Console.WriteLine($"{frame.Sequence} {frame.Direction} {frame.Method}");
/// }
/// </code>
/// </example>
public interface ISessionStore
{
    /// <summary>Creates a session.</summary>
    /// <param name="session">The session; what the store owns in it is ignored.</param>
    /// <param name="cancellationToken">Stops waiting; the session may have been created all the same.</param>
    /// <returns>The session as stored, with version 1, its times and its lifetimes filled in.</returns>
    /// <remarks>Creating the same value again (the same <see cref="Session.Generation"/>), because the first reply was lost, returns the session as it stands.</remarks>
    /// <exception cref="SessionAlreadyExistsException">A live session of another generation has that id.</exception>
    /// <exception cref="SessionNotFoundException">
    /// This very generation was created before and has ended since: a late repetition does not bring it back, for some minutes at least, counted from the end of
    /// a session that was deleted and from the beginning of one that expired.
    /// </exception>
    /// <exception cref="ArgumentException">The session is null, or its status and state do not belong together, as <see cref="Session"/> says.</exception>
    ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CreateSessionAsync(session, firstSequence: 0, cancellationToken);

    /// <summary>Creates a session whose sequences begin elsewhere than at 0: a copy of one whose oldest frames were trimmed.</summary>
    /// <param name="session">The session; what the store owns in it is ignored.</param>
    /// <param name="firstSequence">The sequence of the first frame that will be appended, 0 to <see cref="SessionStoreLimits.MaxFirstSequence"/>. The frames below it count as trimmed.</param>
    /// <param name="cancellationToken">Stops waiting; the session may have been created all the same.</param>
    /// <returns>The session as stored, with version 1, its times and its lifetimes filled in; <see cref="Session.FrameCount"/> and <see cref="Session.FirstSequence"/> are <paramref name="firstSequence"/>.</returns>
    /// <remarks>Creating the same value again (the same <see cref="Session.Generation"/>), because the first reply was lost, returns the session as it stands.</remarks>
    /// <exception cref="SessionAlreadyExistsException">A live session of another generation has that id.</exception>
    /// <exception cref="SessionNotFoundException">
    /// This very generation was created before and has ended since: a late repetition does not bring it back, for some minutes at least, counted from the end of
    /// a session that was deleted and from the beginning of one that expired.
    /// </exception>
    /// <exception cref="ArgumentException">The session is null, its status and state do not belong together, as <see cref="Session"/> says, or <paramref name="firstSequence"/> is out of bounds.</exception>
    ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default);

    /// <summary>Reads a session.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session; null when there is none or it has expired.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    /// <exception cref="SessionSerializationException">What is stored cannot be read.</exception>
    ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default);

    /// <summary>Reads several sessions.</summary>
    /// <param name="ids">The identities, none of them <c>default</c>; repeating one is allowed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>As many entries as ids, in their order; null where there is no session or it has expired.</returns>
    /// <exception cref="ArgumentException"><paramref name="ids"/> is null or holds a <c>default</c>.</exception>
    /// <remarks>By default, they are read one after the other.</remarks>
    /// <exception cref="SessionSerializationException">One of them cannot be read.</exception>
    ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default) =>
        StoreDefaults.GetSessionsAsync(ids, GetSessionAsync, cancellationToken);

    /// <summary>Replaces what the application owns of a session, if it is still as it was read.</summary>
    /// <param name="session">A session that was read or returned by this store, with its changes; its <see cref="Session.Version"/> and <see cref="Session.Generation"/> say which one it replaces.</param>
    /// <param name="cancellationToken">Stops waiting; the session may have been updated all the same.</param>
    /// <returns>The session as stored, its version one higher.</returns>
    /// <remarks>
    /// Appends and touches do not change the version, so they never make an update conflict, and an update never undoes
    /// them. It is no activity: the deadline stays, unless the update changes a lifetime. <see cref="SessionStoreExtensions.UpdateSessionAsync"/> takes a function and
    /// repeats on conflict.
    /// </remarks>
    /// <exception cref="SessionConflictException">The session was updated, or deleted and created anew, since; carries the current one.</exception>
    /// <exception cref="SessionNotFoundException">There is no such session; an update never creates or revives one.</exception>
    /// <exception cref="ArgumentException">The session is null, was never stored (version 0), or its status and state do not belong together, as <see cref="Session"/> says.</exception>
    ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default);

    /// <summary>Deletes a session with its frames and index entries, in one atomic step.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="cancellationToken">Stops waiting; the session may have been deleted all the same.</param>
    /// <returns>True when there was a live session.</returns>
    /// <remarks>No append, update or create that was under way brings any of it back. The id may be used again for a new session.</remarks>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default);

    /// <summary>Notes activity: moves <see cref="Session.LastActivity"/> and the deadline of session and frames.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="cancellationToken">Stops waiting; the session may have been touched all the same.</param>
    /// <returns>True when there was a live session.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default);

    /// <summary>Lists live sessions by the time of their creation, lazily, page by page, in bounded memory.</summary>
    /// <param name="filter">Which ones, and whether the oldest or the newest come first; null for all, the oldest first.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>
    /// Each session that lives and matches through the whole listing, exactly once; one that comes or goes meanwhile, at most once. They are in the order of <see cref="Session.CreatedAt"/>, to the
    /// millisecond, and those of the same millisecond in the ordinal order of their ids; or exactly in the reverse (<see cref="SessionFilter.Order"/>).
    /// </returns>
    /// <remarks>A session that was deleted and created anew is another session, with a place of its own. A session that cannot be read is passed over, with a warning in the log and in the counter <c>shadowcat.sessions.unreadable</c>.</remarks>
    IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        StoreDefaults.ListSessionsAsync((pageSize, token, cancellation) => ListSessionPageAsync(filter, pageSize, token, cancellation), cancellationToken);

    /// <summary>Lists one page of live sessions by the time of their creation, for a caller that cannot keep an enumeration open, such as a web page.</summary>
    /// <param name="filter">Which ones, and whether the oldest or the newest come first; null for all, the oldest first. Give the same one with every page.</param>
    /// <param name="pageSize">How many sessions at most, 1 to 1000.</param>
    /// <param name="continuationToken">
    /// The token of the page before; null for the first page. It names a place in the order of the listing, not a number of sessions: it holds across restarts and failovers of the server and in
    /// other processes, and whatever comes and goes, the pages together yield what one <see cref="ListSessionsAsync"/> does.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The page. It may be shorter than asked for, or empty, and still have a token: where few sessions match the filter, a page ends after about 1000 were looked at.</returns>
    /// <exception cref="ArgumentException">The page size is out of bounds, or the token is not one that this store gave for a listing in this order.</exception>
    ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default);

    /// <summary>Counts the live sessions, without reading them.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The number: every session that lives through the call is counted once, an expired one never; one that comes or goes meanwhile may be counted or not.</returns>
    ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default);

    /// <summary>Appends a frame to its session.</summary>
    /// <param name="frame">The frame. Its payload must not change until the call has completed.</param>
    /// <param name="cancellationToken">Stops waiting; the frame may have been appended all the same.</param>
    /// <returns>The sequence of the frame: dense in its session, from 0.</returns>
    /// <remarks>
    /// <para>Completes only when the store has the frame, which is then there exactly once, also where a reply was lost and the
    /// store tried again. Frames that one caller appends one after the other keep their order.</para>
    /// <para>Moves <see cref="Session.LastActivity"/> and the deadline of session and frames, and trims the oldest frames
    /// where <see cref="SessionStoreOptions.MaxFramesPerSession"/> or <see cref="SessionStoreOptions.MaxFramesBytesPerSession"/> says so,
    /// all in the same atomic step.</para>
    /// </remarks>
    /// <exception cref="SessionNotFoundException">There is no such session; nothing is written.</exception>
    /// <exception cref="SessionLimitExceededException">The session is full and <see cref="SessionStoreOptions.FrameOverflow"/> says to refuse; nothing is written.</exception>
    /// <exception cref="FramesLostException">Frames that were acknowledged before are gone, and nothing was written. Thrown once; the next append continues behind the sequences that were given.</exception>
    /// <exception cref="ArgumentException">The frame is null or its payload larger than <see cref="SessionStoreOptions.MaxFrameBytes"/>.</exception>
    ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return AddFramesAsync(frame.SessionId, [frame], cancellationToken);
    }

    /// <summary>Appends several frames to one session: all of them side by side in the given order, or none.</summary>
    /// <param name="id">The session of all the frames.</param>
    /// <param name="frames">1 to <see cref="SessionStoreLimits.MaxBatchFrames"/> (1000) frames of that session, at most <see cref="SessionStoreOptions.MaxBatchBytes"/> of payload together.</param>
    /// <param name="cancellationToken">Stops waiting; the frames may have been appended all the same.</param>
    /// <returns>The sequence of the first frame; the others follow it without a gap.</returns>
    /// <remarks>Promises of each frame what <see cref="AddFrameAsync"/> promises.</remarks>
    /// <exception cref="SessionNotFoundException">There is no such session; nothing is written.</exception>
    /// <exception cref="SessionLimitExceededException">The session is full and <see cref="SessionStoreOptions.FrameOverflow"/> says to refuse; nothing is written.</exception>
    /// <exception cref="FramesLostException">Frames that were acknowledged before are gone, and nothing was written. Thrown once; the next append continues behind the sequences that were given.</exception>
    /// <exception cref="ArgumentException">The list is null, empty or too long, or a frame is null, too large, or of another session.</exception>
    ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default);

    /// <summary>Reads frames of a session in order, page by page, in bounded memory.</summary>
    /// <param name="id">The session.</param>
    /// <param name="range">Which frames; <c>default</c> is all that are kept when the reading begins, and what is appended before it reaches the end.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The frames in ascending, dense sequence, each with its own copy of the payload. <see cref="BorrowFramesAsync"/> makes none.</returns>
    /// <exception cref="SessionNotFoundException">There is no such session, or it ended while it was read.</exception>
    /// <exception cref="FramesTrimmedException">The range begins below the oldest frame kept, or trimming overtook the reader: frames are never skipped silently.</exception>
    /// <exception cref="FramesLostException">Frames that were read, or were there when the reading began, are gone, as after a failover that lost its tail: what stands at their sequences now was never read.</exception>
    /// <exception cref="SessionSerializationException">A frame cannot be read; reading may go on behind it with <see cref="FrameRange.From"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default);

    /// <summary>Reads frames of a session as <see cref="GetFramesAsync"/> does, but without copying them: each is borrowed from the store.</summary>
    /// <param name="id">The session.</param>
    /// <param name="range">Which frames; <c>default</c> is all that are kept when the reading begins, and what is appended before it reaches the end.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The frames in ascending, dense sequence. Each is valid until the next one is asked for, or the enumeration ends; <see cref="BorrowedFrame.ToEnvelope"/> makes one that may be kept.</returns>
    /// <remarks>For callers that pass frames on, search or count them. By default, the frames are those of <see cref="GetFramesAsync"/>, so they are copied all the same.</remarks>
    /// <exception cref="SessionNotFoundException">There is no such session, or it ended while it was read.</exception>
    /// <exception cref="FramesTrimmedException">The range begins below the oldest frame kept, or trimming overtook the reader: frames are never skipped silently.</exception>
    /// <exception cref="FramesLostException">Frames that were read, or were there when the reading began, are gone, as after a failover that lost its tail: what stands at their sequences now was never read.</exception>
    /// <exception cref="SessionSerializationException">A frame cannot be read; reading may go on behind it with <see cref="FrameRange.From"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        GetFramesAsync(id, range, cancellationToken).Borrow();

    /// <summary>Reads frames of a session, and goes on with those that come: each of them once, in order, without a gap, until the session ends.</summary>
    /// <param name="id">The session.</param>
    /// <param name="range">
    /// Where to begin: <c>default</c> at the oldest frame kept, <see cref="FrameRange.From"/> at a sequence, which may still have to come,
    /// <see cref="FrameRange.Last"/> so many frames before the end, with 0 for only what comes. A count given with <see cref="FrameRange.From"/> ends the following after so many frames.
    /// </param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>The frames in ascending, dense sequence, each with its own copy of the payload, whoever appends them in which process.</returns>
    /// <remarks>
    /// <para>Ends by itself where the session is closed (<see cref="Session.IsClosed"/>), after the last frame that was appended before that; what
    /// is appended to a closed session is not waited for. A session that is deleted or expires ends it with an exception, for frames may have gone unseen.</para>
    /// <para>Once it has begun, an outage only delays it: it goes on where it was, when the store can be reached again. It is no activity: the deadline stays.</para>
    /// </remarks>
    /// <exception cref="SessionNotFoundException">There is no such session, or it was deleted or expired while it was followed.</exception>
    /// <exception cref="FramesTrimmedException">The range begins below the oldest frame kept, or trimming overtook the reader: frames are never skipped silently.</exception>
    /// <exception cref="FramesLostException">Frames that were read, or were there when the reading began, are gone, as after a failover that lost its tail: what stands at their sequences now was never read.</exception>
    /// <exception cref="SessionSerializationException">A frame cannot be read; following may go on behind it with <see cref="FrameRange.From"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default);

    /// <summary>Counts the frames of a session that are kept; <see cref="Session.FrameCount"/> also counts those that were trimmed.</summary>
    /// <param name="id">The session.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) =>
        StoreDefaults.CountFramesAsync(id, GetSessionAsync(id, cancellationToken));

    /// <summary>Deletes the oldest frames of a session, or all of them. The session stays and its sequences go on where they were.</summary>
    /// <param name="id">The session.</param>
    /// <param name="beforeSequence">Frames below this sequence go, from 0; null for all there are.</param>
    /// <param name="cancellationToken">Stops waiting; the frames may have been deleted all the same.</param>
    /// <returns>How many frames were deleted.</returns>
    /// <remarks>It is no activity: the deadline stays.</remarks>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c> or <paramref name="beforeSequence"/> negative.</exception>
    ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default);

    /// <summary>Reclaims what expired sessions left behind, and notifies the <see cref="ISessionExpirationListener"/>s of each.</summary>
    /// <param name="cancellationToken">Stops the work; what is left is reclaimed next time.</param>
    /// <returns>How many expired sessions this call reclaimed. Of several callers, in any number of processes, one reclaims a session.</returns>
    /// <remarks>No promise depends on it: an expired session is absent at once. A store that leaves nothing behind has nothing to do here, which is the default. A registered store reclaims by itself, each <see cref="SessionStoreOptions.ReapInterval"/>.</remarks>
    ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => new(0);

    /// <summary>Finds something that this store, or a store inside of it, can do beyond its contract, such as <see cref="ISessionStoreHealth"/>.</summary>
    /// <param name="serviceType">What is looked for. <see cref="SessionStoreExtensions.GetService{TService}"/> takes it as a type argument.</param>
    /// <returns>An object of that type, which lives as long as the store; null where there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="serviceType"/> is null.</exception>
    object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }
}
