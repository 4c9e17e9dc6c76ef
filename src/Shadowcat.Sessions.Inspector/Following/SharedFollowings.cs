using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions.Inspector;

/// <summary>The followings of all open pages: those of one session that have come equally far share one, so that its frames are read once, however many pages show them.</summary>
internal sealed class SharedFollowings(SessionAccess access, TimeProvider time)
{
    private readonly ReadingBudget _budget = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(SessionId Id, Guid Generation), List<SessionFollowing>> _followings = [];

    /// <summary>Adds a page to the following that goes on where it does, which may be a new one.</summary>
    /// <param name="session">The session, which the user of the page may see.</param>
    /// <param name="next">The first frame that the page has not.</param>
    /// <returns>The following, to be left, and the number of the event that the page takes first.</returns>
    public (SessionFollowing Following, long Number) Join(Session session, long next)
    {
        lock (_lock)
        {
            var key = (session.Id, session.Generation);
            if (!_followings.TryGetValue(key, out var sameSession))
            {
                _followings.Add(key, sameSession = []);
            }

            if (TryFind(sameSession, next, out var found, out var number))
            {
                found.Pages++;
                return (found, number);
            }

            var following = new SessionFollowing(access, this, session, next, _budget, time) { Pages = 1 };
            sameSession.Add(following);
            following.Start();
            return (following, 0);
        }
    }

    /// <summary>Takes a page away; the last one ends the following.</summary>
    public void Leave(SessionFollowing following)
    {
        lock (_lock)
        {
            if (--following.Pages == 0)
            {
                Remove(following);
                following.Dispose();
            }
        }
    }

    /// <summary>Lets a following end that has come as far as another one, which its pages then join.</summary>
    /// <returns>Whether it ends.</returns>
    public bool TryMerge(SessionFollowing following, long next)
    {
        lock (_lock)
        {
            var others = _followings.TryGetValue(following.Key, out var sameSession) ? sameSession.Where(other => other != following) : [];
            if (!TryFind(others, next, out _, out _))
            {
                return false;
            }

            Remove(following);
            return true;
        }
    }

    private static bool TryFind(IEnumerable<SessionFollowing> followings, long next, [NotNullWhen(true)] out SessionFollowing? found, out long number)
    {
        foreach (var following in followings)
        {
            if (following.Events.Find(next) is { } known)
            {
                (found, number) = (following, known);
                return true;
            }
        }

        (found, number) = (null, 0);
        return false;
    }

    private void Remove(SessionFollowing following)
    {
        if (_followings.TryGetValue(following.Key, out var sameSession) && sameSession.Remove(following) && sameSession.Count == 0)
        {
            _followings.Remove(following.Key);
        }
    }
}
