using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions;

/// <summary>Keeps sessions in the memory of this process: every promise of <see cref="ISessionStore"/>, gone with the process.</summary>
/// <remarks>
/// It is the reference that other stores are measured by: frames are copied in and copied out. What expired is freed by those who write, a few sessions with each create, update, touch or append, and all of
/// it by <see cref="ReapExpiredSessionsAsync"/>, which also notifies the listeners; a registered store does so by itself.
/// </remarks>
public sealed class InMemorySessionStore : ISessionStore, ISessionChanges, IRepeatableAppends, ISessionStoreHealth
{
    /// <summary>The tag <c>db.system.name</c>: no name that the conventions know fits, for which they allow one's own.</summary>
    private const string SystemName = "shadowcat.memory";

    private const int SessionsPerScan = 1000;

    private readonly Lock _lock = new();
    private readonly InMemorySessions _sessions;
    private readonly SessionStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly SessionExpirationListeners _listeners;
    private readonly SessionChangeListeners _changes = new();
    private readonly StoreTelemetry _telemetry;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">The options; null, the default, for their defaults.</param>
    /// <param name="listeners">They are notified of expired sessions; null, the default, for none.</param>
    /// <param name="logger">Logs what a listener throws; null, the default, for no log.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null, the default, for one that all such stores of the process share.</param>
    /// <param name="timeProvider">The clock that decides what has expired; null, the default, for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public InMemorySessionStore(
        SessionStoreOptions? options = null,
        IEnumerable<ISessionExpirationListener>? listeners = null,
        ILogger<InMemorySessionStore>? logger = null,
        IMeterFactory? meterFactory = null,
        TimeProvider? timeProvider = null)
    {
        _telemetry = new StoreTelemetry(new StoreAddress(SystemName), meterFactory);
        _options = OptionRules.Checked(options ?? new SessionStoreOptions(), SessionStoreOptionsValidator.Instance);
        _time = timeProvider ?? TimeProvider.System;
        _listeners = new SessionExpirationListeners(listeners, logger ?? NullLogger<InMemorySessionStore>.Instance);
        _sessions = new InMemorySessions(keepsIds: !_listeners.IsEmpty);
    }

    /// <inheritdoc/>
    public ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CreateSessionAsync(session, firstSequence: 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        InputRules.Create(session, firstSequence);
        return Writing(Operations.CreateSession, now =>
        {
            if (_sessions.Find(session.Id, now) is { } existing)
            {
                return existing.Session.Generation == session.Generation
                    ? existing.Snapshot()
                    : throw new SessionAlreadyExistsException(Operations.CreateSession, session.Id);
            }

            var created = new InMemorySession(SessionLifetime.Begin(session, firstSequence, now, _options), firstSequence, born: now);
            if (!_sessions.TryAdd(created, now))
            {
                throw new SessionNotFoundException(Operations.CreateSession, session.Id);
            }

            return Changed(created);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Locked(Operations.GetSession, now => _sessions.Find(id, now)?.Snapshot(), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        InputRules.Ids(ids);
        return Locked(Operations.GetSessions, IReadOnlyList<Session?> (now) => [.. ids.Select(id => _sessions.Find(id, now)?.Snapshot())], cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        InputRules.Update(session);
        return Writing(Operations.UpdateSession, now =>
        {
            var stored = Require(Operations.UpdateSession, session.Id, now);
            var current = stored.Snapshot();
            if (current.Version != session.Version || current.Generation != session.Generation)
            {
                throw new SessionConflictException(Operations.UpdateSession, current, session.Version);
            }

            stored.Update(session, _options);
            if (stored.Session.ExpiresAt < current.ExpiresAt)
            {
                _sessions.Shortened(stored);
            }

            return Changed(stored);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Locked(Operations.DeleteSession, now =>
        {
            if (_sessions.Find(id, now) is not { } stored)
            {
                return false;
            }

            _sessions.Delete(stored, now);
            _changes.Notify(new SessionChange(id, stored.Session.Generation, 0));
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Writing(Operations.TouchSession, now =>
        {
            if (_sessions.Find(id, now) is not { } stored)
            {
                return false;
            }

            stored.Touch(now);
            Active(stored);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        StoreDefaults.ListSessionsAsync((pageSize, token, cancellation) => ListSessionPageAsync(filter, pageSize, token, cancellation), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        InputRules.PageSize(pageSize);
        filter ??= SessionFilter.None;
        var token = PageToken.Parse(continuationToken, filter.Order);
        return Locked(Operations.ListSessions, now =>
        {
            var page = new List<Session>();
            var looked = 0;
            foreach (var place in _sessions.PlacesIn(CreationRange.Of(filter), token?.After))
            {
                if (page.Count == pageSize || looked == SessionsPerScan)
                {
                    return new SessionPage(page, token?.ToString());
                }

                looked++;
                token = new PageToken(filter.Order, place);
                if (_sessions.Find(place.Id, now)?.Snapshot() is { } session && filter.Matches(session))
                {
                    page.Add(session);
                }
            }

            return new SessionPage(page, null);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) =>
        Locked(Operations.CountSessions, _sessions.CountLive, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        InputRules.Frame(frame, _options);
        return AppendAsync(Operations.AddFrame, frame.SessionId, [IdempotentFrame.Copy(frame)], generation: default, since: -1, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        InputRules.Frames(id, frames, _options);
        return AppendAsync(Operations.AddFrames, id, [.. frames.Select(IdempotentFrame.Copy)], generation: default, since: -1, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Reading(Operations.GetFrames, id, range).CopyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Reading(Operations.BorrowFrames, id, range).ReadAsync(cancellationToken).Borrow();
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        var following = new InMemoryFollowing(id, range, _time, (take, token) =>
            Locked(Operations.FollowFrames, now => take(Require(Operations.FollowFrames, id, now), now), token));
        return following.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Locked(Operations.CountFrames, now => Require(Operations.CountFrames, id, now).Frames.Count, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        InputRules.BeforeSequence(beforeSequence);
        return Locked(Operations.DeleteFrames, now =>
        {
            var stored = Require(Operations.DeleteFrames, id, now);
            var deleted = stored.Frames.TrimTo(beforeSequence ?? stored.Frames.End);
            Active(stored);
            return deleted;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default)
    {
        var (count, ids) = await Locked(Operations.ReapExpiredSessions, _sessions.Reap, cancellationToken).ConfigureAwait(false);
        _telemetry.CountReapedSessions(count);
        await _listeners.NotifyAsync(ids, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <inheritdoc/>
    /// <remarks>It always serves.</remarks>
    public ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => new(
        SessionStoreHealth.Healthy.With(HealthFacts.Store, SystemName).With(HealthFacts.Reachable, true).With(HealthFacts.Writable, true));

    /// <summary>How many sessions are in memory, those among them that expired and were not freed yet.</summary>
    internal int KeptSessions
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>How many deadlines are noted, those among them of sessions that are gone.</summary>
    internal int KeptDeadlines
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Deadlines;
            }
        }
    }

    TimeProvider ISessionChanges.TimeProvider => _time;

    long ISessionChanges.ReceivedUntil => long.MaxValue;

    IDisposable ISessionChanges.Subscribe(ISessionChangeListener listener)
    {
        var subscription = _changes.Add(listener);
        listener.OnSubscribed();
        return subscription;
    }

    long ISessionChanges.EarliestTimestampOf(DateTimeOffset moment)
    {
        var now = _time.GetTimestamp();
        return _time.Add(now, moment - _time.GetUtcNow());
    }

    ValueTask<long> IRepeatableAppends.AppendAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken) =>
        AppendAsync(operation, id, [.. frames.Select(static frame => new IdempotentFrame(frame.Envelope with { Payload = frame.Envelope.Payload.ToArray() }, frame.Key))], generation, since, cancellationToken);

    object? ISessionStore.GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(SessionStoreOptions) ? _options : null;
    }

    private Session Changed(InMemorySession stored)
    {
        var session = stored.Snapshot();
        _changes.Notify(new SessionChange(session.Id, session.Generation, session.Version));
        return session;
    }

    private void Active(InMemorySession stored)
    {
        if (!_changes.IsEmpty)
        {
            _changes.Notify(new SessionActivity(
                stored.Session.Id, stored.Session.LastActivity, stored.Frames.End, stored.Frames.First, stored.Session.ExpiresAt));
        }
    }

    private ValueTask<long> AppendAsync(string operation, SessionId id, IdempotentFrame[] frames, Guid generation, long since, CancellationToken cancellationToken) =>
        Writing(operation, now =>
        {
            var stored = Require(operation, id, now);
            if (generation != Guid.Empty && generation != stored.Session.Generation)
            {
                throw new SessionNotFoundException(operation, id);
            }

            if (stored.Find(operation, frames, since) is { } found)
            {
                return found;
            }

            var first = stored.Append(operation, frames, _options, now);
            Active(stored);
            _telemetry.CountAppendedFrames(frames.Length);
            return first;
        }, cancellationToken);

    private InMemoryFrames Reading(string operation, SessionId id, FrameRange range) =>
        new(operation, id, range, (take, cancellationToken) => Locked(operation, now => take(Require(operation, id, now)), cancellationToken));

    private InMemorySession Require(string operation, SessionId id, DateTimeOffset now) =>
        _sessions.Find(id, now) ?? throw new SessionNotFoundException(operation, id);

    /// <summary>Takes a step of an operation under the lock, and frees some of what expired.</summary>
    private ValueTask<T> Writing<T>(string operation, Func<DateTimeOffset, T> step, CancellationToken cancellationToken) => Locked(operation, step, cancellationToken, frees: true);

    private ValueTask<T> Locked<T>(string operation, Func<DateTimeOffset, T> step, CancellationToken cancellationToken, bool frees = false) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken)
            : _telemetry.IsEnabled ? _telemetry.Begin(operation).EndAsync(Locked(step, frees))
            : Locked(step, frees);

    private ValueTask<T> Locked<T>(Func<DateTimeOffset, T> step, bool frees)
    {
        try
        {
            lock (_lock)
            {
                var now = Milliseconds.Truncate(_time.GetUtcNow());
                if (frees)
                {
                    _sessions.FreeSome(now);
                }

                return new ValueTask<T>(step(now));
            }
        }
        catch (SessionStoreException exception)
        {
            return ValueTask.FromException<T>(exception);
        }
    }
}
