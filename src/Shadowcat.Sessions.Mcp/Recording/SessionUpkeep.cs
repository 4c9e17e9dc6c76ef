using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Keeps sessions in mind as long as something is open in them, and ends those in which nothing is and nothing is said.</summary>
internal sealed class SessionUpkeep(OpenSessions open, RecordingQueue queue, SessionRecordingOptions options)
{
    /// <summary>How often it is looked for silent sessions while one falls silent.</summary>
    private const int Sweeps = 4;

    private static readonly SessionEnd Silence = new(SessionStatus.TimedOut, "no further message came") { IsSilence = true };
    private static readonly SessionEnd Evicted = new(SessionStatus.TimedOut, "other sessions needed its room") { IsSilence = true };

    /// <summary>The sessions that somebody holds, with what says how they ended: connections, and what is open though it is no longer kept in mind.</summary>
    private readonly ConcurrentDictionary<RecordedSession, Func<SessionEnd?>?> _held = new();

    /// <summary>How often <see cref="Sweep"/> is to be called.</summary>
    public TimeSpan Interval => options.IdleTimeout / Sweeps;

    /// <summary>Says that somebody holds a session.</summary>
    public void Hold(RecordedSession session, Func<SessionEnd?>? getEnd) => _held.TryAdd(session, getEnd);

    /// <summary>Says that nobody does any more.</summary>
    public void Release(RecordedSession session) => _held.TryRemove(session, out _);

    /// <summary>Takes up a session that is found by a key.</summary>
    public RecordedSession GetOrAdd(string key, Func<string, RecordedSession> make)
    {
        var session = open.GetOrAdd(key, make, out var forgotten);
        if (forgotten is not null)
        {
            Forget(forgotten, Evicted, isOver: false);
        }

        return session;
    }

    /// <summary>Says that a request of a session is over.</summary>
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

    /// <summary>Ends the sessions that are silent, and keeps those alive that are open.</summary>
    public void Sweep()
    {
        foreach (var session in open.TakeIdle(options.IdleTimeout, options.OpenTimeout))
        {
            Forget(session, Silence, isOver: true);
        }

        foreach (var session in open.FindOpen(Interval))
        {
            queue.KeepAlive(session);
        }
    }

    /// <summary>Forgets all sessions, and says how they ended where that is known.</summary>
    public IReadOnlyList<(RecordedSession Session, SessionEnd? End)> TakeAll() =>
        [.. open.TakeAll().Select(session => (session, (SessionEnd?)null)), .. _held.Select(held => (held.Key, held.Value?.Invoke()))];

    /// <summary>Closes a session that is no longer kept in mind, now or when what is open in it is over.</summary>
    private void Forget(RecordedSession session, SessionEnd end, bool isOver)
    {
        Hold(session, getEnd: null);
        var isOpen = session.TryForget(end);
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
