using System.Runtime.InteropServices;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>What every writer gave to the store and the answers that it got.</summary>
internal sealed class Ledger
{
    private readonly List<Append>[] _appends;
    private readonly long[] _acknowledged;

    public Ledger(IReadOnlyList<SessionId> sessions, int writers)
    {
        Sessions = sessions;
        _appends = [.. Enumerable.Range(0, writers).Select(_ => new List<Append>())];
        _acknowledged = new long[sessions.Count];
    }

    /// <summary>The sessions that writers append to.</summary>
    public IReadOnlyList<SessionId> Sessions { get; }

    public int Writers => _appends.Length;

    /// <summary>How many frames were acknowledged.</summary>
    public long Total => _appends.Sum(appends => appends.LongCount(append => append.Outcome == Outcome.Done));

    /// <summary>The frames of a writer, by number.</summary>
    public ReadOnlySpan<Append> Of(int writer) => CollectionsMarshal.AsSpan(_appends[writer]);

    /// <summary>How many frames a session has at least, as its writers know.</summary>
    public long Acknowledged(int session) => Interlocked.Read(ref _acknowledged[session]);

    /// <summary>Notes that a writer is about to append; only that writer may.</summary>
    /// <returns>The number of its first frame.</returns>
    public int Begin(int writer, int session, int count)
    {
        var appends = _appends[writer];
        var first = appends.Count;
        for (var i = 0; i < count; i++)
        {
            appends.Add(new Append { Session = session, First = first, Count = count });
        }

        return first;
    }

    /// <summary>Notes the answer that the writer got.</summary>
    public void End(int writer, int first, Outcome outcome, long sequence)
    {
        var appends = CollectionsMarshal.AsSpan(_appends[writer]);
        var (session, count) = (appends[first].Session, appends[first].Count);
        for (var i = 0; i < count; i++)
        {
            ref var append = ref appends[first + i];
            append.Outcome = outcome;
            append.Sequence = sequence + i;
            append.Ended = Clock.Now;
        }

        if (outcome == Outcome.Done)
        {
            Raise(ref _acknowledged[session], sequence + count);
        }
    }

    private static void Raise(ref long value, long to)
    {
        for (var seen = Interlocked.Read(ref value); seen < to;)
        {
            var before = Interlocked.CompareExchange(ref value, to, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
