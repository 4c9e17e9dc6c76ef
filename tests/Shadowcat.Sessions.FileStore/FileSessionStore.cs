using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions.FileStore;

/// <summary>Keeps sessions in a folder, for one process: an example of a store of one's own, written on the public API alone.</summary>
/// <remarks>
/// It is as short as the contract allows: every call holds one lock and replaces a small file; where frames are bounded, an append rewrites them. What a process was about to write when it died does not count. It offers what a cache needs (<see cref="ISessionChanges"/>) and what a
/// buffer needs (<see cref="IRepeatableAppends"/>); a store that does not is used without these.
/// </remarks>
/// <param name="folder">The folder; made where it is missing. No other process may use it at the same time.</param>
/// <param name="options">The options; null for their defaults.</param>
/// <param name="listeners">Who is notified of expired sessions.</param>
/// <param name="timeProvider">The clock that decides what has expired; null for the system's.</param>
public sealed class FileSessionStore(
    string folder, SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null, TimeProvider? timeProvider = null)
    : ISessionStore, ISessionChanges, IRepeatableAppends
{
    /// <summary>For so long a late repetition of a create does not bring back a session that has ended.</summary>
    private static readonly TimeSpan TombstoneLifetime = TimeSpan.FromMinutes(10);

    private const int FramesPerPage = 256;

    private readonly Lock _lock = new();
    private readonly SessionFiles _files = new(folder);
    private readonly SessionStoreOptions _options = options ?? new SessionStoreOptions();
    private readonly SessionExpirationListeners _listeners = new(listeners, NullLogger.Instance);
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly SessionChangeListeners _changes = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    TimeProvider ISessionChanges.TimeProvider => _time;

    long ISessionChanges.ReceivedUntil => long.MaxValue;

    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        InputRules.Create(session, firstSequence);
        return Locked(now =>
        {
            var file = _files.Read(session.Id);
            if (IsLive(file, now))
            {
                return file.Session!.Generation == session.Generation
                    ? file.Session
                    : throw new SessionAlreadyExistsException(Operations.CreateSession, session.Id);
            }

            if (file.Ended.ContainsKey(session.Generation) || file.Session?.Generation == session.Generation)
            {
                throw new SessionNotFoundException(Operations.CreateSession, session.Id);
            }

            NoteEnd(file, now);
            file.Session = SessionLifetime.Begin(session, firstSequence, now, _options);
            file.Begun = now;
            _files.ReplaceFrames(file, []);
            return Save(file, changes: true);
        }, cancellationToken);
    }

    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Locked(now => _files.Read(id) is var file && IsLive(file, now) ? file.Session : null, cancellationToken);
    }

    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        InputRules.Update(session);
        return Locked(now =>
        {
            var file = Require(Operations.UpdateSession, session.Id, now);
            var current = file.Session!;
            if ((current.Version, current.Generation) != (session.Version, session.Generation))
            {
                throw new SessionConflictException(Operations.UpdateSession, current, session.Version);
            }

            file.Session = SessionLifetime.Update(session, StoredSessionPart.Of(current), file.Begun, _options);
            return Save(file, changes: true);
        }, cancellationToken);
    }

    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Locked(now =>
        {
            var file = _files.Read(id);
            if (!IsLive(file, now))
            {
                return false;
            }

            End(file, now);
            return true;
        }, cancellationToken);
    }

    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return Locked(now =>
        {
            var file = _files.Read(id);
            if (!IsLive(file, now))
            {
                return false;
            }

            Touch(file, now);
            Save(file, changes: false);
            return true;
        }, cancellationToken);
    }

    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        InputRules.PageSize(pageSize);
        return Locked(now => SessionPage.Take(_files.ReadAll().Where(file => IsLive(file, now)).Select(static file => file.Session!), filter, pageSize, continuationToken), cancellationToken);
    }

    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) =>
        Locked(now => _files.ReadAll().LongCount(file => IsLive(file, now)), cancellationToken);

    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        InputRules.Frames(id, frames, _options);
        return AppendAsync(Operations.AddFrames, id, [.. frames.Select(IdempotentFrame.Copy)], Guid.Empty, since: -1, cancellationToken);
    }

    public ValueTask<long> AppendAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken) => Locked(now =>
    {
        var file = Require(operation, id, now);
        var session = file.Session!;
        if (generation != Guid.Empty && generation != session.Generation)
        {
            throw new SessionNotFoundException(operation, id);
        }

        if (since >= 0)
        {
            var skip = Math.Max(0, since - session.FirstSequence);
            if (_files.ReadFrames(file, skip).Index().FirstOrDefault(frame => frame.Item.Key == frames[0].Key) is { Item: not null } found)
            {
                return session.FirstSequence + skip + found.Index;
            }

            if (since < session.FirstSequence)
            {
                throw new FramesTrimmedException(operation, id, since, session.FirstSequence);
            }
        }

        StoredFrame[] added = [.. frames.Select(static frame => new StoredFrame(frame.Envelope, frame.Key))];
        Add(file, operation, added);
        Touch(file, now);
        Save(file, changes: false);
        return session.FrameCount;
    }, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return ReadAsync(Operations.GetFrames, id, range, follows: false, cancellationToken);
    }

    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return ReadAsync(Operations.FollowFrames, id, range, follows: true, cancellationToken);
    }

    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        InputRules.BeforeSequence(beforeSequence);
        return Locked(now =>
        {
            var file = Require(Operations.DeleteFrames, id, now);
            var gone = Math.Clamp((beforeSequence ?? long.MaxValue) - file.Session!.FirstSequence, 0, file.Session.FrameCount - file.Session.FirstSequence);
            _files.ReplaceFrames(file, _files.ReadFrames(file, gone));
            file.Session = file.Session with { FirstSequence = file.Session.FirstSequence + gone };
            Save(file, changes: false);
            return gone;
        }, cancellationToken);
    }

    public async ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default)
    {
        var reaped = await Locked(now =>
        {
            var expired = _files.ReadAll().Where(file => file.Session is not null && !IsLive(file, now)).ToList();
            expired.ForEach(file => End(file, now));
            return expired.ConvertAll(static file => file.Id);
        }, cancellationToken).ConfigureAwait(false);
        await _listeners.NotifyAsync(reaped, cancellationToken).ConfigureAwait(false);
        return reaped.Count;
    }

    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        var subscription = _changes.Add(listener);
        listener.OnSubscribed();
        return subscription;
    }

    public long EarliestTimestampOf(DateTimeOffset moment) =>
        _time.GetTimestamp() + (long)((moment - _time.GetUtcNow()).TotalSeconds * _time.TimestampFrequency);

    object? ISessionStore.GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(SessionStoreOptions) ? _options : null;
    }

    private static bool IsLive(StoredFile file, DateTimeOffset now) => file.Session?.ExpiresAt > now;

    private static void Touch(StoredFile file, DateTimeOffset now) => file.Session = file.Session! with
    {
        LastActivity = now,
        ExpiresAt = SessionLifetime.Deadline(file.Session.ExpiresAt, now, file.Begun, file.Session.TimeToLive!.Value, file.Session.MaxLifetime),
    };

    /// <summary>Adds frames within the bounds: refuses what exceeds them, or trims the oldest. The newest frame is kept whatever its size.</summary>
    private void Add(StoredFile file, string operation, StoredFrame[] added)
    {
        var session = file.Session!;
        file.Session = session with { FrameCount = session.FrameCount + added.Length };
        if (_options is { MaxFramesPerSession: null, MaxFramesBytesPerSession: null })
        {
            _files.AppendFrames(file, added);
            return;
        }

        List<StoredFrame> all = [.. _files.ReadFrames(new StoredFile { Id = file.Id, Session = session, FramesFile = file.FramesFile }), .. added];
        var (gone, count, bytes) = (0, all.Count, all.Sum(static frame => frame.Bytes));
        if (_options.FrameOverflow == FrameOverflow.Refuse)
        {
            _ = count > _options.MaxFramesPerSession ? throw SessionLimitExceededException.TooManyFrames(operation, file.Id, _options)
                : bytes > _options.MaxFramesBytesPerSession ? throw SessionLimitExceededException.TooManyFramesBytes(operation, file.Id, _options)
                : 0;
        }

        for (; count > _options.MaxFramesPerSession || (bytes > _options.MaxFramesBytesPerSession && count > 1); count--)
        {
            bytes -= all[gone++].Bytes;
        }

        _files.ReplaceFrames(file, all.Skip(gone));
        file.Session = file.Session with { FirstSequence = session.FirstSequence + gone };
    }

    private async IAsyncEnumerable<MessageEnvelope> ReadAsync(
        string operation, SessionId id, FrameRange range, bool follows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (generation, next, left) = (Guid.Empty, range.Start ?? -1, follows && range.IsFromEnd ? long.MaxValue : range.Count ?? long.MaxValue);
        while (true)
        {
            var (frames, isOver, changed, lifetime) = await Locked(now =>
            {
                var file = Require(operation, id, now);
                var session = file.Session!;
                if (generation != Guid.Empty && generation != session.Generation)
                {
                    throw new SessionNotFoundException(operation, id);
                }

                generation = session.Generation;
                if (next < 0)
                {
                    next = range.IsFromEnd ? Math.Max(session.FirstSequence, session.FrameCount - range.Count!.Value) : session.FirstSequence;

                    // Which frames are the last is settled now; what comes later is not among them.
                    left = range.IsFromEnd && !follows ? session.FrameCount - next : left;
                }

                if (next < session.FirstSequence && left > 0)
                {
                    throw new FramesTrimmedException(operation, id, next, session.FirstSequence);
                }

                MessageEnvelope[] read = next >= session.FrameCount ? []
                    : [.. _files.ReadFrames(file, next - session.FirstSequence, Math.Min(left, FramesPerPage)).Select((frame, i) => frame.Envelope with { SessionId = id, Sequence = next + i })];
                var isAtEnd = read.Length == 0 && (!follows || session.IsClosed);
                return (read, isAtEnd || left == read.Length, read.Length > 0 ? Task.CompletedTask : _changed.Task, session.ExpiresAt - now);
            }, cancellationToken).ConfigureAwait(false);

            foreach (var frame in frames)
            {
                next++;
                left--;
                yield return frame;
            }

            if (isOver)
            {
                yield break;
            }

            // Wakes up for any change of any session, and when this one may have expired.
            await changed.WaitAsync(lifetime < TimeSpan.FromDays(1) ? lifetime : TimeSpan.FromDays(1), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private StoredFile Require(string operation, SessionId id, DateTimeOffset now) =>
        _files.Read(id) is var file && IsLive(file, now) ? file : throw new SessionNotFoundException(operation, id);

    private Session Save(StoredFile file, bool changes)
    {
        var session = file.Session!;
        _files.Write(file);
        _files.DeleteFrames(file.Id, file.FramesFile - 1);
        if (changes)
        {
            _changes.Notify(new SessionChange(session.Id, session.Generation, session.Version));
        }
        else
        {
            _changes.Notify(new SessionActivity(session.Id, session.LastActivity, session.FrameCount, session.FirstSequence, session.ExpiresAt));
        }

        WakeFollowers();
        return session;
    }

    /// <summary>Ends a session and keeps a tombstone for a while. What is left of the tombstones of an id goes with the last of them.</summary>
    private void End(StoredFile file, DateTimeOffset now)
    {
        NoteEnd(file, now);
        file.Session = null;
        _files.Write(file);
        _files.DeleteFrames(file.Id, file.FramesFile);
        _changes.Notify(SessionChange.Gone(file.Id));
        WakeFollowers();
    }

    private static void NoteEnd(StoredFile file, DateTimeOffset now)
    {
        foreach (var old in file.Ended.Where(end => end.Value < now - TombstoneLifetime).ToList())
        {
            file.Ended.Remove(old.Key);
        }

        if (file.Session is { } session)
        {
            file.Ended[session.Generation] = now;
        }
    }

    private void WakeFollowers()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Does something while nobody else does. What the store reports comes with the task; a caller's mistake was thrown before.</summary>
    private ValueTask<T> Locked<T>(Func<DateTimeOffset, T> step, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                return new ValueTask<T>(step(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond))));
            }
        }
        catch (SessionStoreException exception)
        {
            return ValueTask.FromException<T>(exception);
        }
    }
}
