using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using BitFaster.Caching.Lru;

namespace Shadowcat.Sessions;

/// <summary>The copies made while changes were heard without a break. After a break all of them are thrown away, together with this.</summary>
/// <remarks>
/// What is heard of a session while a call is on its way decides whether its answer may be kept: an answer that was on its way before a
/// change would otherwise stay after it. A copy is only ever replaced by a newer one.
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
    public CacheFlight JoinRead(SessionId id, long now, out bool isNew)
    {
        var stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            var flight = stripe.FindRead(id);
            isNew = flight is null;
            if (flight is null)
            {
                flight = new CacheFlight(id, now) { Answer = new TaskCompletionSource<Session?>(TaskCreationOptions.RunContinuationsAsynchronously) };
                stripe.Add(flight);
            }

            return flight;
        }
    }

    /// <summary>Begins a call that nobody joins.</summary>
    public CacheFlight Begin(SessionId id, long now)
    {
        var flight = new CacheFlight(id, now);
        var stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            stripe.Add(flight);
        }

        return flight;
    }

    /// <summary>Ends a read.</summary>
    /// <param name="flight">The read.</param>
    /// <param name="session">What the store answered; null where there is no such session.</param>
    public void EndRead(CacheFlight flight, Session? session)
    {
        var stripe = StripeOf(flight.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(flight);
            if (session is not null)
            {
                Put(flight, session);
            }
            else if (flight.IsCurrent)
            {
                _sessions.TryRemove(flight.Id);
            }
        }
    }

    /// <summary>Ends a call that was not needed after all.</summary>
    public void EndUnused(CacheFlight flight)
    {
        var stripe = StripeOf(flight.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(flight);
        }
    }

    /// <summary>Ends a write that succeeded: who reads from now on sees it.</summary>
    public void EndWrite(CacheFlight flight, Session session)
    {
        var stripe = StripeOf(flight.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(flight);
            stripe.Note(new SessionChange(session.Id, session.Generation, session.Version));
            Put(flight, session);
        }
    }

    /// <summary>Ends a call after which it is not known how the session stands.</summary>
    public void EndUnknown(CacheFlight flight)
    {
        var stripe = StripeOf(flight.Id);
        lock (stripe.Lock)
        {
            stripe.Remove(flight);
            Forget(stripe, SessionChange.Gone(flight.Id));
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
                Forget(stripe, change);
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

    private void Forget(CacheStripe stripe, in SessionChange change)
    {
        stripe.Note(change);
        _sessions.TryRemove(change.Id);
    }

    private void Put(CacheFlight flight, Session session)
    {
        if (_sessions.TryGet(session.Id, out var cached) && cached.IsNewerThan(session))
        {
            return;
        }

        if (flight.Covers(session) && SessionText.Bytes(session) <= _options.MaxSessionBytes)
        {
            _sessions.AddOrUpdate(session.Id, new CachedSession(session, _changes.TimeProvider.Add(flight.Begun, _options.MaxStaleness), _changes));
        }
        else
        {
            _sessions.TryRemove(session.Id);
        }
    }
}
