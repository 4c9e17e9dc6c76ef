using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using BitFaster.Caching.Lru;

namespace Shadowcat.Sessions;

/// <summary>The copies that were made while changes were received without interruption. After an interruption all of them are dropped, together with this.</summary>
/// <remarks>
/// Changes that are received while a call is under way decide whether its answer may be kept: otherwise an answer from before a
/// change could stay after it. A copy is only ever replaced by a newer one.
/// </remarks>
internal sealed class SessionCache
{
    private const int Stripes = 64;

    private readonly ConcurrentLru<SessionId, CachedSession> _sessions;
    private readonly CacheStripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new CacheStripe())];
    private readonly CachedSessionStoreOptions _options;
    private readonly ISessionChanges _changes;

    public SessionCache(CachedSessionStoreOptions options, ISessionChanges changes)
    {
        _sessions = new ConcurrentLru<SessionId, CachedSession>(Environment.ProcessorCount, options.Capacity, EqualityComparer<SessionId>.Default);
        _options = options;
        _changes = changes;
    }

    public int Count => _sessions.Count;

    /// <summary>Reads a copy; takes no lock unless there was activity since it was last read.</summary>
    public bool TryGet(SessionId id, long now, [NotNullWhen(true)] out Session? session)
    {
        session = _sessions.TryGet(id, out var cached) && cached.IsServedAt(now) ? cached.Session : null;
        return session is not null;
    }

    /// <summary>Joins the read of a session that is on its way, or begins one.</summary>
    /// <param name="id">The session.</param>
    /// <param name="now">The timestamp of now.</param>
    /// <param name="isNew">Whether the caller has to do it.</param>
    public PendingCall JoinRead(SessionId id, long now, out bool isNew)
    {
        var stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            var pending = stripe.FindRead(id);
            isNew = pending is null;
            if (pending is null)
            {
                pending = new PendingCall(id, now) { Answer = new TaskCompletionSource<Session?>(TaskCreationOptions.RunContinuationsAsynchronously) };
                stripe.Add(pending);
            }

            return pending;
        }
    }

    /// <summary>Begins a call that nobody joins.</summary>
    public PendingCall Begin(SessionId id, long now)
    {
        var pending = new PendingCall(id, now);
        var stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            stripe.Add(pending);
        }

        return pending;
    }

    /// <summary>Ends a read.</summary>
    /// <param name="pending">The read.</param>
    /// <param name="session">What the store answered; null where there is no such session.</param>
    public void EndRead(PendingCall pending, Session? session)
    {
        var stripe = StripeOf(pending.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(pending);
            if (session is not null)
            {
                Put(pending, session);
            }
            else if (pending.IsCurrent)
            {
                _sessions.TryRemove(pending.Id);
            }
        }
    }

    /// <summary>Ends a call that was not needed after all.</summary>
    public void EndUnused(PendingCall pending)
    {
        var stripe = StripeOf(pending.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(pending);
        }
    }

    /// <summary>Ends a write that succeeded: who reads from now on sees it.</summary>
    public void EndWrite(PendingCall pending, Session session)
    {
        var stripe = StripeOf(pending.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(pending);
            stripe.Note(new SessionChange(session.Id, session.Generation, session.Version));
            Put(pending, session);
        }
    }

    /// <summary>Ends a call after which it is not known how the session stands.</summary>
    public void EndUnknown(PendingCall pending)
    {
        var stripe = StripeOf(pending.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(pending);
            Invalidate(stripe, SessionChange.Gone(pending.Id));
        }
    }

    public void Note(in SessionChange change)
    {
        var stripe = StripeOf(change.Id);
        lock (stripe.Lock)
        {
            if (_sessions.TryGet(change.Id, out var cached) && cached.Holds(change))
            {
                stripe.Note(change);
            }
            else
            {
                Invalidate(stripe, change);
            }
        }
    }

    public void Note(in SessionActivity activity)
    {
        var stripe = StripeOf(activity.Id);
        lock (stripe.Lock)
        {
            stripe.Note(activity);
            if (_sessions.TryGet(activity.Id, out var cached) && !cached.TryApply(activity))
            {
                _sessions.TryRemove(activity.Id);
            }
        }
    }

    private CacheStripe StripeOf(SessionId id) => _stripes[BitOperations.RotateRight((uint)id.GetHashCode(), 16) % Stripes];

    private void Invalidate(CacheStripe stripe, in SessionChange change)
    {
        stripe.Note(change);
        _sessions.TryRemove(change.Id);
    }

    private void Put(PendingCall pending, Session session)
    {
        if (_sessions.TryGet(session.Id, out var cached) && cached.IsNewerThan(session))
        {
            return;
        }

        if (pending.Covers(session) && SessionText.Bytes(session) <= _options.MaxSessionBytes)
        {
            _sessions.AddOrUpdate(session.Id, new CachedSession(session, _changes.TimeProvider.Add(pending.Begun, _options.MaxStaleness), _changes));
        }
        else
        {
            _sessions.TryRemove(session.Id);
        }
    }
}
