using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Keeps the sessions alive in which something is open, and ends the others when they are idle.</summary>
internal sealed class SessionUpkeep(OpenSessions open, MessageQueue queue, SessionRecordingOptions options)
{
    /// <summary>How many sweeps there are in an idle timeout.</summary>
    private const int Sweeps = 4;

    private static readonly SessionEnd Idle = new(SessionStatus.TimedOut, "no further message came") { IsIdle = true };
    private static readonly SessionEnd Evicted = new(SessionStatus.TimedOut, "too many sessions were open") { IsIdle = true };

    /// <summary>The sessions that are held, with a function that returns how they ended: connections, and sessions whose end is deferred.</summary>
    private readonly ConcurrentDictionary<RecordedSession, Func<SessionEnd?>?> _held = new();

    /// <summary>The time between two calls of <see cref="Sweep"/>.</summary>
    public TimeSpan Interval => options.IdleTimeout / Sweeps;

    /// <summary>Holds a session until it is released.</summary>
    public void Hold(RecordedSession session, Func<SessionEnd?>? getEnd) => _held.TryAdd(session, getEnd);

    /// <summary>Releases a session.</summary>
    public void Release(RecordedSession session) => _held.TryRemove(session, out _);

    /// <summary>Finds or adds a session by its key, and ends the one that is evicted for it.</summary>
    public RecordedSession GetOrAdd(string key, Func<string, RecordedSession> make)
    {
        var session = open.GetOrAdd(key, make, out var evicted);
        if (evicted is not null)
        {
            End(evicted, Evicted, isOver: false);
        }

        return session;
    }

    /// <summary>A request of a session is over.</summary>
    public void Leave(RecordedSession session)
    {
        if (session.Leave() is { } end)
        {
            Release(session);
            queue.TryEnd(session, end);
        }
        else
        {
            open.Use(session);
        }
    }

    /// <summary>Ends the sessions that are idle, and keeps those alive in which something is open.</summary>
    public void Sweep()
    {
        foreach (var session in open.TakeIdle(options.IdleTimeout, options.OpenTimeout))
        {
            End(session, Idle, isOver: true);
        }

        foreach (var session in open.FindOpen(Interval))
        {
            queue.KeepAlive(session);
        }
    }

    /// <summary>Removes all sessions, and returns how they ended where that is known.</summary>
    public IReadOnlyList<(RecordedSession Session, SessionEnd? End)> TakeAll() =>
        [.. open.TakeAll().Select(session => (session, (SessionEnd?)null)), .. _held.Select(held => (held.Key, held.Value?.Invoke()))];

    /// <summary>Ends a session that was removed from the open ones: now, or when nothing is open in it.</summary>
    private void End(RecordedSession session, SessionEnd end, bool isOver)
    {
        Hold(session, getEnd: null);
        var isOpen = session.TryDefer(end);
        if (!isOpen)
        {
            Release(session);
        }

        if (isOver || !isOpen)
        {
            queue.TryEnd(session, end);
        }
    }
}
