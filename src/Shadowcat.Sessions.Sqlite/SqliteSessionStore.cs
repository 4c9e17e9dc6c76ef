using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Keeps sessions in one SQLite file, durable, with nothing to install: any number of processes on the machine share it, and each promise of <see cref="ISessionStore"/> holds across all of them.</summary>
/// <remarks>
/// <para>Every mutation is part of one transaction, which one writer in the process commits for all callers that wait: <see cref="SqliteSessionStoreOptions.Synchronous"/> says what a commit survives. The kill of a
/// process at any moment loses nothing that was acknowledged. Reads run on the thread of the caller, beside any writer. The clock of the machine decides what has expired.</para>
/// <para>Where another process writes, a call waits up to <see cref="SqliteSessionStoreOptions.LockTimeout"/>, without a thread. A file that is damaged, read-only or of another layout fails each call with a
/// <see cref="SessionStoreConfigurationException"/>, a full disk with a <see cref="SessionLimitExceededException"/>; each names the file. The first call opens the file, and lays it out where it is empty.</para>
/// <para>A call that has begun to write is not cancelled any more; it completes soon.</para>
/// </remarks>
public sealed class SqliteSessionStore : ISessionStore, ISessionChanges, IRepeatableAppends, ISessionStoreHealth, IAsyncDisposable, IDisposable
{
    private readonly SessionStoreOptions _options;
    private readonly SessionExpirationListeners _listeners;
    private readonly StoreTelemetry _telemetry;
    private readonly ConnectionPool _pool;
    private readonly FileReads _reads;
    private readonly WriteQueue _writes;
    private readonly FileWatch _watch;
    private readonly SqliteChanges _changes;
    private readonly FollowedSessions _followed;
    private readonly FrameReading _frames;
    private readonly FrameFollowing _following;
    private readonly SessionListing _listing;
    private readonly SqliteHealth _health;
    private volatile bool _isDisposed;

    /// <summary>Makes a store in the file of a path, with the other options at their defaults. The file is opened by the first call.</summary>
    /// <param name="path">The file; made where it is missing.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It is no path of a file.</exception>
    public SqliteSessionStore(string path)
        : this(new SqliteSessionStoreOptions { Path = path })
    {
    }

    /// <summary>Makes a store in a file. The file is opened by the first call.</summary>
    /// <param name="sqlite">The options of this store; its <see cref="SqliteSessionStoreOptions.Path"/> says which file.</param>
    /// <param name="options">The options of every store; null for the defaults.</param>
    /// <param name="listeners">They are notified of expired sessions.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share.</param>
    /// <param name="timeProvider">The clock that decides what has expired: the same in every process that uses the file. Null for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public SqliteSessionStore(
        SqliteSessionStoreOptions sqlite,
        SessionStoreOptions? options = null,
        IEnumerable<ISessionExpirationListener>? listeners = null,
        ILogger<SqliteSessionStore>? logger = null,
        IMeterFactory? meterFactory = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(sqlite);
        logger ??= NullLogger<SqliteSessionStore>.Instance;
        _options = OptionRules.Checked(options ?? new SessionStoreOptions(), SessionStoreOptionsValidator.Instance);
        var file = new StoreFile(OptionRules.Checked(sqlite, SqliteSessionStoreOptionsValidator.Instance));
        var faults = new FileFaults(file.Path, file.LockTimeout);
        var clock = new StoreClock(timeProvider ?? TimeProvider.System);
        _listeners = new SessionExpirationListeners(listeners, logger);
        _telemetry = new StoreTelemetry(new StoreAddress(SqliteHealth.SystemName), meterFactory);
        _pool = new ConnectionPool(file);
        _reads = new FileReads(_pool, file, faults, clock);
        _writes = new WriteQueue(file, faults, clock);
        _watch = new FileWatch(file, clock);
        _changes = new SqliteChanges(_watch, clock, logger);
        _followed = new FollowedSessions(_watch);
        _frames = new FrameReading(_reads, _telemetry);
        _following = new FrameFollowing(_reads, _followed, clock, _telemetry, logger);
        _listing = new SessionListing(new UnreadableSessions(logger, meterFactory));
        _health = new SqliteHealth(file, _reads, _writes);
    }

    /// <inheritdoc/>
    /// <remarks>Five statements in a transaction that others share: two look for the id, three insert into table, indexes and the log of changes. O(log n).</remarks>
    public ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CreateSessionAsync(session, firstSequence: 0, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Five statements in a transaction that others share: two look for the id, three insert into table, indexes and the log of changes. O(log n).</remarks>
    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        InputRules.Create(session, firstSequence);
        return Writing(
            Operations.CreateSession, session.Id, (connection, now) => CreateSession.Run(connection, session, firstSequence, now, _options), Changed, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One statement: two searches, one by the id and one for the newest frame. O(log n).</remarks>
    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Reading(Operations.GetSession, id, (connection, now) => SessionRows.FindSession(connection, Operations.GetSession, id, now), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A statement for each id, in one transaction: all of them as they were at one moment.</remarks>
    public ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        InputRules.Ids(ids);
        return Reading(
            Operations.GetSessions,
            null,
            (connection, now) => connection.Snapshot(IReadOnlyList<Session?> (snapshot) => [.. ids.Select(id => SessionRows.FindSession(snapshot, Operations.GetSessions, id, now))]),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Three statements in a transaction that others share: one reads, two write.</remarks>
    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        InputRules.Update(session);
        return Writing(Operations.UpdateSession, session.Id, (connection, now) => UpdateSession.Run(connection, session, now, _options), Changed, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Six statements in a transaction that others share. Grows with the frames that the session has: their pages are freed.</remarks>
    public async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return await Writing(
            Operations.DeleteSession,
            id,
            (connection, now) => DeleteSession.Run(connection, id, now),
            generation =>
            {
                if (generation is { } ended)
                {
                    _changes.Listeners.Notify(new SessionChange(id, ended, version: 0));
                    _followed.Wake(id);
                }
            },
            cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <inheritdoc/>
    /// <remarks>Two statements in a transaction that others share.</remarks>
    public async ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return await Writing(Operations.TouchSession, id, (connection, now) => TouchSession.Run(connection, id, now), Notify, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <inheritdoc/>
    /// <remarks>One statement for a page: a search in the index of creation times, and for each session the searches of <see cref="GetSessionAsync"/>. The bounds of creation bound what is read; every other condition is looked at here.</remarks>
    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        InputRules.PageSize(pageSize);
        var wanted = filter ?? SessionFilter.None;
        var token = PageToken.Parse(continuationToken, wanted.Order);
        return Reading(Operations.ListSessions, null, (connection, now) => _listing.Read(connection, wanted, pageSize, token, now), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One statement, which counts in the index of deadlines. O(n).</remarks>
    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) =>
        Reading(Operations.CountSessions, null, CountSessions.Run, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Two statements in a transaction that others share: one reads the session, one inserts the frame. Where the activity has to be noted (once a 64th of the time to live, at most once a second), or the store keeps a bound of frames,
    /// one more writes the session's row; a bound also takes the oldest frames away. O(log n), and grows with the bytes of the frame.
    /// </remarks>
    public ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        InputRules.Frame(frame, _options);
        return AppendAsync(Operations.AddFrame, frame.SessionId, [new IdempotentFrame(frame)], generation: default, since: -1, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>As <see cref="AddFrameAsync"/>, with a statement for each frame, in one transaction.</remarks>
    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        InputRules.Frames(id, frames, _options);
        return AppendAsync(Operations.AddFrames, id, [.. frames.Select(static frame => new IdempotentFrame(frame))], generation: default, since: -1, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Two statements in a transaction for a page of up to 256 frames or about 512 KiB: the session, and its frames from a place on. Nothing of the file is held while the caller has the page.</remarks>
    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _frames.RunAsync(Operations.GetFrames, id, range, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>As <see cref="GetFramesAsync"/>: each frame is copied out of the file once, and is borrowed from there until the next one is asked for.</remarks>
    public IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _frames.RunAsync(Operations.BorrowFrames, id, range, cancellationToken).Borrow();
    }

    /// <inheritdoc/>
    /// <remarks>Two statements for each page, as in <see cref="GetFramesAsync"/>, whenever there may be more. What this process writes wakes the follower at once; what others write, within some 100 ms: one <c>PRAGMA data_version</c> ten times a second serves all followers of a store.</remarks>
    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _following.RunAsync(id, range, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One statement. O(log n).</remarks>
    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Reading(Operations.CountFrames, id, (connection, now) => SessionRows.Require(connection, Operations.CountFrames, id, now) is var row ? row.End - row.First : 0, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Four statements in a transaction that others share. Grows with the frames that are deleted.</remarks>
    public async ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        InputRules.BeforeSequence(beforeSequence);
        var (count, _) = await Writing(
            Operations.DeleteFrames, id, (connection, now) => DeleteFrames.Run(connection, id, beforeSequence, now), deleted => Notify(deleted.Activity), cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <inheritdoc/>
    /// <remarks>A transaction for each 100 sessions that have expired: a search in the index of deadlines, and four statements for each. It also takes away tombstones whose time is over.</remarks>
    public async ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default)
    {
        for (var count = 0L; ;)
        {
            var reaped = await Writing(Operations.ReapExpiredSessions, null, ReapSessions.Run, committed: null, cancellationToken).ConfigureAwait(false);
            count += reaped.Count;
            _telemetry.CountReapedSessions(reaped.Count);
            reaped.ForEach(_followed.Wake);
            await _listeners.NotifyAsync(reaped, cancellationToken).ConfigureAwait(false);
            if (reaped.Count < ReapSessions.BatchSessions)
            {
                return count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _health.CheckAsync(timeout, cancellationToken);
    }

    /// <summary>Closes the file once what waits is written. Calls and enumerations that come later fail with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _watch.Dispose();
        _writes.Dispose();
        _pool.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _writes.ClosedAsync().ConfigureAwait(false);
    }

    TimeProvider ISessionChanges.TimeProvider => _changes.TimeProvider;

    long ISessionChanges.ReceivedUntil => _changes.ReceivedUntil;

    IDisposable ISessionChanges.Subscribe(ISessionChangeListener listener)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _changes.Subscribe(listener);
    }

    long ISessionChanges.EarliestTimestampOf(DateTimeOffset moment) => _changes.EarliestTimestampOf(moment);

    ValueTask<long> IRepeatableAppends.AppendAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken) =>
        AppendAsync(operation, id, [.. frames], generation, since, cancellationToken);

    object? ISessionStore.GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(SessionStoreOptions) ? _options : null;
    }

    /// <summary>Opens the file, so that what is wrong with it is known.</summary>
    internal async ValueTask OpenAsync(CancellationToken cancellationToken) =>
        await _reads.RunAsync(Operations.Connect, null, static (_, _) => true, cancellationToken).ConfigureAwait(false);

    private async ValueTask<long> AppendAsync(string operation, SessionId id, IdempotentFrame[] frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        var append = new AppendFrames(operation, id, frames, generation, since, _options);
        var appended = await Writing(operation, id, append.Run, done => Notify(done.Activity), cancellationToken, append.Bytes).ConfigureAwait(false);
        if (appended.Count > 0 && _telemetry.CountsAppendedFrames)
        {
            _telemetry.CountAppendedFrames(appended.Count);
        }

        return appended.First;
    }

    private ValueTask<T> Reading<T>(string operation, SessionId? id, Func<StoreConnection, DateTimeOffset, T> read, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken)
            : _telemetry.IsEnabled ? _telemetry.Begin(operation).EndAsync(_reads.RunAsync(operation, id, read, cancellationToken))
            : _reads.RunAsync(operation, id, read, cancellationToken);

    private ValueTask<T> Writing<T>(
        string operation, SessionId? id, Func<StoreConnection, DateTimeOffset, T> write, Action<T>? committed, CancellationToken cancellationToken, long bytes = 0) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken)
            : _telemetry.IsEnabled ? _telemetry.Begin(operation).EndAsync(_writes.RunAsync(operation, id, bytes, write, committed, cancellationToken))
            : _writes.RunAsync(operation, id, bytes, write, committed, cancellationToken);

    private void Changed(Session session)
    {
        _changes.Listeners.Notify(new SessionChange(session.Id, session.Generation, session.Version));
        _followed.Wake(session.Id);
    }

    private void Notify(SessionActivity? activity)
    {
        if (activity is { } active)
        {
            _changes.Listeners.Notify(active);
            _followed.Wake(active.Id);
        }
    }
}
