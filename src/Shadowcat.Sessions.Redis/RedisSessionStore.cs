using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Keeps sessions in Redis, 6.0 or newer: any process that connects to the server sees them, and each promise of <see cref="ISessionStore"/> holds across all processes.</summary>
/// <remarks>
/// <para>Every mutation is one script, or for most appends one RPUSHX behind an EXISTS of the session, so one atomic step in one slot. The clock of the server decides what has expired. The first call of a store
/// also connects, and reads or writes the layout record (one script more).</para>
/// <para>What only reads also sends HDEL or ZREM of a field that never is: a server that has become a replica refuses it, and so answers nothing that may be old.</para>
/// <para>Where a connection breaks or the server reports that it does not serve now, the store tries again, up to four times within about a
/// second, with exponentially growing pauses. Every write is idempotent, so none takes effect twice. After that, and after a timeout, the call fails. A
/// caller who then repeats an append appends again. While a server does not answer, its circuit breaker is open: calls that need it fail at once,
/// until a probe is answered.</para>
/// </remarks>
public sealed class RedisSessionStore : ISessionStore, ISessionChanges, IRepeatableAppends, ISessionStoreHealth, IAsyncDisposable, IDisposable
{
    private readonly SessionStoreOptions _options;
    private readonly RedisBackend _backend;
    private readonly AppendQueues _appends;
    private readonly RedisFrames _frames;
    private readonly SessionListing _listing;
    private readonly SessionReaping _reaping;
    private readonly ILogger _logger;
    private readonly RedisChanges _changes;
    private readonly IDisposable _levels;
    private readonly RedisHealth _health;
    private readonly Followers _followers;
    private readonly RecordLifetimes _records;

    /// <summary>Makes a store over a connection of the application. The connection stays open when the store is disposed of.</summary>
    /// <param name="connection">The connection. Its own timeouts should not be below <see cref="RedisSessionStoreOptions.OperationTimeout"/>, and not far above.</param>
    /// <param name="options">The options of every store; null for the defaults.</param>
    /// <param name="redis">The options of this store; null for the defaults. Its <see cref="RedisSessionStoreOptions.Configuration"/> is not used.</param>
    /// <param name="listeners">They are notified of expired sessions; null, the default, for none.</param>
    /// <param name="logger">Where it logs; null, the default, for nowhere.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public RedisSessionStore(
        IConnectionMultiplexer connection,
        SessionStoreOptions? options = null,
        RedisSessionStoreOptions? redis = null,
        IEnumerable<ISessionExpirationListener>? listeners = null,
        ILogger<RedisSessionStore>? logger = null,
        IMeterFactory? meterFactory = null)
        : this(
            RedisConnection.Borrow(connection ?? throw new ArgumentNullException(nameof(connection)), redis ??= new(), logger ?? NullLogger<RedisSessionStore>.Instance), options, Checked(redis), listeners, logger, meterFactory)
    {
    }

    /// <summary>Makes a store that connects by itself, at its first call, and disconnects when it is disposed of.</summary>
    /// <param name="redis">The options of this store; its <see cref="RedisSessionStoreOptions.Configuration"/> says where the server is.</param>
    /// <param name="options">The options of every store; null for the defaults.</param>
    /// <param name="listeners">They are notified of expired sessions; null, the default, for none.</param>
    /// <param name="logger">Where it logs; null, the default, for nowhere.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    /// <exception cref="ArgumentException">There is no <see cref="RedisSessionStoreOptions.Configuration"/>.</exception>
    public RedisSessionStore(
        RedisSessionStoreOptions redis,
        SessionStoreOptions? options = null,
        IEnumerable<ISessionExpirationListener>? listeners = null,
        ILogger<RedisSessionStore>? logger = null,
        IMeterFactory? meterFactory = null)
        : this(redis, NoServices.Instance, options, listeners, logger, meterFactory)
    {
    }

    /// <summary>Makes a store that connects by itself, with the services of an application.</summary>
    internal RedisSessionStore(
        RedisSessionStoreOptions redis,
        IServiceProvider services,
        SessionStoreOptions? options,
        IEnumerable<ISessionExpirationListener>? listeners,
        ILogger? logger,
        IMeterFactory? meterFactory)
        : this(
            RedisConnection.Create(Checked(redis ?? throw new ArgumentNullException(nameof(redis))), services, logger ?? NullLogger<RedisSessionStore>.Instance), options, redis, listeners, logger, meterFactory)
    {
    }

    private RedisSessionStore(
        RedisConnection connection,
        SessionStoreOptions? options,
        RedisSessionStoreOptions redis,
        IEnumerable<ISessionExpirationListener>? listeners,
        ILogger? logger,
        IMeterFactory? meterFactory)
    {
        _logger = logger ??= NullLogger<RedisSessionStore>.Instance;
        _options = OptionRules.Checked(options ?? new SessionStoreOptions(), SessionStoreOptionsValidator.Instance);
        _backend = new RedisBackend(connection, redis, logger, meterFactory);
        _records = RecordLifetimes.Of(_backend.Timeouts, redis);
        _changes = new RedisChanges(_backend, redis, logger);
        _followers = new Followers(_backend, redis, _changes.Listeners, logger);
        _appends = new AppendQueues(_backend, _options, redis, _changes.Listeners, logger);
        _frames = new RedisFrames(_backend, _options.MaxFrameBytes);
        _listing = new SessionListing(_backend, new UnreadableSessions(logger, meterFactory));
        _reaping = new SessionReaping(_backend, new SessionExpirationListeners(listeners, logger));
        _health = new RedisHealth(_backend, _appends, redis);
        _levels = _backend.Metrics.Observe(_appends);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One script, one round trip: EXISTS, HSET, PEXPIREAT, SADD, ZADD and the like, whatever the number of sessions (O(log n) for the indexes). Sessions that other callers create
    /// while an answer is awaited share the next script, up to 64; each is created or refused by itself.
    /// </remarks>
    public ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CreateSessionAsync(session, firstSequence: 0, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>One script, one round trip, whatever the number of sessions (O(log n) for the indexes), shared with up to 64 creates of other callers; each is created or refused by itself.</remarks>
    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        InputRules.Create(session, firstSequence);
        return NoteCreatedAsync(_backend.RunAsync(
            Operations.CreateSession, session.Id, new CreateSession(session, firstSequence, _options, _records), cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>One script, one round trip: HMGET and LLEN; a second one for a session with frames whose list this process does not know. Sessions that other callers read while an answer is awaited share the next script, up to 256.</remarks>
    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _backend.RunAsync(Operations.GetSession, id, new GetSession(id), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One script for 256 ids of a partition, HMGET and LLEN for each, pipelined: one round trip per server; a second one for those with frames whose list this process does not know.</remarks>
    public ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        InputRules.Ids(ids);
        return _backend.Telemetry.MeasureAsync(Operations.GetSessions, () => _backend.RunAsync(
            _backend.NewCall(Operations.GetSessions), ids, (database, layout) => ReadSessions.RunAsync(database, layout, Operations.GetSessions, ids), cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>One script, one round trip: HMGET, LLEN, HSET; ZADD, PEXPIREAT and RENAME where a lifetime changed. On a conflict one read more. What other callers update while an answer is awaited shares the next script, up to 32 sessions.</remarks>
    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        InputRules.Update(session);
        return _backend.RunAsync(
            Operations.UpdateSession,
            session.Id,
            new UpdateSession(session, OperationId.New(), _options, _records),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One script, one round trip: SREM, ZREM, ZADD of records that stay <see cref="RedisSessionStoreOptions.TombstoneTimeToLive"/> at least, UNLINK (memory is freed in the background). One more where the list of frames is not known yet. What other callers delete while an answer is awaited shares the next script, up to 64 sessions.</remarks>
    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _backend.RunAsync(Operations.DeleteSession, id, new DeleteSession(id, OperationId.New(), _records), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One script, one round trip: HMGET, HSET, SADD, ZADD twice, PEXPIREAT twice where the deadline moves. One more where the list of frames is not known yet. What other callers touch while an answer is awaited shares the next script, up to 64 sessions.</remarks>
    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _backend.RunAsync(Operations.TouchSession, id, new TouchSession(id, _changes.Listeners), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>For 256 sessions two scripts, pipelined, in a round trip that is made while the caller has those before: ZCOUNT four times and ZRANGE twice for the index, HMGET and LLEN for each session. The bounds of creation bound what is read; every other condition is looked at here. The indexes of several partitions are merged, see <c>docs/design/listing.md</c>.</remarks>
    public IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        _listing.ReadAsync(filter ?? SessionFilter.None, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Two round trips, wherever the page is: a script for the index of each partition (ZCOUNT four times and ZRANGE twice, and log2 n times more behind one of n sessions of the same millisecond), and one with HMGET and LLEN for each
    /// session of the page. So the newest 100 of 100 000 cost two scripts. A filter that passes sessions by costs up to four times two more for a page of 100; some 1000 are looked at.</remarks>
    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        InputRules.PageSize(pageSize);
        return _listing.ReadPageAsync(filter ?? SessionFilter.None, pageSize, continuationToken, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One script a partition, all of them pipelined: ZRANGEBYSCORE and ZCARD. Where entries are overdue, two more for each 500 of them.</remarks>
    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => _reaping.CountAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// One EXISTS and one RPUSHX, one round trip, shared by all frames of the session that wait while others are under way; where more than 8 sessions are appended to
    /// together, an EXISTS holds for 20 ms. The first frames of a session in a
    /// process, those that move its deadline (one append a 64th of the time to live, at most one a second) and all where the store keeps a bound go by a script
    /// instead, shared by all sessions: for a session HMGET, LLEN, RPUSH, HSET and, where the deadline moves, SADD, ZADD twice and
    /// PEXPIREAT twice; its very first frames do without LLEN. Where the list is not known yet, one call more. Where the session is followed, one PUBLISH more, which nobody waits for. A push that was not answered costs one script more, which looks for its frames at the end of the list. Grows with the bytes of the frames.
    /// </remarks>
    public ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        InputRules.Frame(frame, _options);
        _backend.ThrowIfDisposed();
        return _appends.AppendAsync(frame, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>One EXISTS and one RPUSHX with all the frames, one round trip; a script in the cases that <see cref="AddFrameAsync"/> names. Grows with the bytes of the frames.</remarks>
    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        InputRules.Frames(id, frames, _options);
        _backend.ThrowIfDisposed();
        return _appends.AppendAsync(Operations.AddFrames, id, [.. frames.Select(static frame => EncodedFrame.Of(frame))], generation: default, since: -1, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// For a page of up to 512 frames, about 512 KiB, LLEN, LRANGE, HMGET and a script of one HDEL in one round trip; the next two pages are on their way while the caller has this one.
    /// At the end of an open range LLEN, HMGET and a script of one HDEL. The last frames, up to 256 with the default <see cref="SessionStoreOptions.MaxFrameBytes"/>, are one page.
    /// </remarks>
    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _frames.Read(Operations.GetFrames, id, range).OwnAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>LLEN, LRANGE, HMGET and a script of one HDEL in one round trip for a page of up to 512 frames, about 512 KiB, with two more on their way. A frame is borrowed from the buffer that its page was received in.</remarks>
    public IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _frames.Read(Operations.BorrowFrames, id, range).Borrow(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// For each look LLEN, HMGET and a script of one HDEL, one round trip, and where there are frames as <see cref="GetFramesAsync"/>. A follower looks when a writer publishes on the
    /// channel <c>&lt;KeyPrefix&gt;:followed</c>, and once a second; five times a second where that channel is not subscribed. Every 10 s one script notes for all
    /// followers of a session in a process that it is followed. A store with followers, however many, has one subscription, and publishes a probe once a second.
    /// </remarks>
    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return FollowStream.ReadAsync(_backend, _frames, _followers, id, range, _logger, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>LLEN, HMGET and a script of one HDEL, one round trip.</remarks>
    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _backend.Telemetry.MeasureAsync(Operations.CountFrames, () => CountKeptAsync(id, cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>All frames: one script with UNLINK. A part: one script for each 1000 frames, so that no other caller waits long; frames deleted before a failure stay deleted.</remarks>
    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        InputRules.BeforeSequence(beforeSequence);
        return _backend.Telemetry.MeasureAsync(Operations.DeleteFrames, () => DeleteFramesAsync(id, beforeSequence ?? long.MaxValue, cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>As <see cref="CountSessionsAsync"/>; each step has the operation timeout. Before that, one script checks the layout record.</remarks>
    public async ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default)
    {
        await _backend.ConfirmLayoutAsync(_backend.NewCall(Operations.ReapExpiredSessions), cancellationToken).ConfigureAwait(false);
        return await _reaping.ReapAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// An HMGET of the layout record, and a script for each primary, which tries every command that scripts send, sets a key and deletes it, all at the same time.
    /// Unhealthy where no primary accepts writes (unreachable, a replica, full, out of disk), the account lacks a command, or the layout has changed. Degraded where some
    /// primaries do not, the layout record is missing, or a server evicts keys.
    /// </remarks>
    public ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => _health.CheckAsync(timeout, cancellationToken);

    /// <summary>Sends the appends that wait, and closes the connection if the store made it. Each call that comes after disposing has begun throws an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        _backend.Close(this);
        _levels.Dispose();
        await _appends.DisposeAsync().ConfigureAwait(false);
        await _followers.DisposeAsync().ConfigureAwait(false);
        await _changes.DisposeAsync().ConfigureAwait(false);
        await _backend.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the connection if the store made it; appends that wait fail. <see cref="DisposeAsync"/> sends them first. Each later call throws an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _backend.Close(this);
        _levels.Dispose();
        _followers.Dispose();
        _changes.Dispose();
        _backend.Dispose();
    }

    /// <summary>The outage that the store has noticed and that has not ended; null where there is none, and where <see cref="RedisSessionStoreOptions.BreakerEnabled"/> is off.</summary>
    /// <remarks>It is what is known already; nothing is sent.</remarks>
    public SessionStoreOutage? Outage => _backend.Circuits.Outage;

    TimeProvider ISessionChanges.TimeProvider => _changes.TimeProvider;

    long ISessionChanges.ReceivedUntil => _changes.ReceivedUntil;

    IDisposable ISessionChanges.Subscribe(ISessionChangeListener listener)
    {
        _backend.ThrowIfDisposed();
        return _changes.Subscribe(listener);
    }

    long ISessionChanges.EarliestTimestampOf(DateTimeOffset moment) => _changes.EarliestTimestampOf(moment);

    ValueTask<long> IRepeatableAppends.AppendAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        _backend.ThrowIfDisposed();
        return _appends.AppendAsync(operation, id, [.. frames.Select(static frame => EncodedFrame.Of(frame))], generation, since, cancellationToken);
    }

    object? ISessionStore.GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        _backend.ThrowIfDisposed();
        return serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(SessionStoreOptions) ? _options : null;
    }

    /// <summary>Connects and agrees on the layout, for a host that wants to know at start-up.</summary>
    internal async ValueTask ConnectAsync(CancellationToken cancellationToken) =>
        _ = await _backend.GetLayoutAsync(_backend.NewCall(Operations.Connect), cancellationToken).ConfigureAwait(false);

    private static RedisSessionStoreOptions Checked(RedisSessionStoreOptions redis) =>
        OptionRules.Checked(redis, RedisSessionStoreOptionsValidator.Instance);

    private async ValueTask<Session> NoteCreatedAsync(ValueTask<Session> creating)
    {
        var created = await creating.ConfigureAwait(false);
        _appends.NoteCreated(created.Id);
        return created;
    }

    private async ValueTask<long> CountKeptAsync(SessionId id, CancellationToken cancellationToken)
    {
        var (list, _) = await _backend.RunAsync(
            _backend.NewCall(Operations.CountFrames, id),
            (target, partition) => FrameList.ReadAsync(target.Database, partition, Operations.CountFrames, id, FrameList.Fields),
            cancellationToken).ConfigureAwait(false);
        return list?.Count ?? throw new SessionNotFoundException(Operations.CountFrames, id);
    }

    private async ValueTask<long> DeleteFramesAsync(SessionId id, long beforeSequence, CancellationToken cancellationToken)
    {
        var call = _backend.NewCall(Operations.DeleteFrames, id);
        var total = 0L;
        while (true)
        {
            var step = new DeleteFramesStep();
            var (deleted, more) = await _backend.RunAsync(
                call,
                (target, partition) => DeleteFrames.RunAsync(target, partition, id, beforeSequence, step, _records, _changes.Listeners),
                cancellationToken).ConfigureAwait(false);
            total += deleted;
            if (!more)
            {
                return total;
            }
        }
    }
}
