namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>How far the server's clock was from ours, and when: lifetimes count by the server's.</summary>
internal sealed class ServerTime
{
    private readonly Lock _lock = new();

    /// <summary>Each move: between which moments it happened, and by how far the clock is off from then on.</summary>
    private readonly List<(TimeSpan Begun, TimeSpan Ended, TimeSpan Offset)> _moves = [];

    /// <summary>Notes that the clock was moved.</summary>
    /// <param name="begun">When it was still where it was.</param>
    /// <param name="ended">When it was seen to be moved.</param>
    /// <param name="offset">How far it is from the true time now.</param>
    public void Move(TimeSpan begun, TimeSpan ended, TimeSpan offset)
    {
        lock (_lock)
        {
            _moves.Add((begun, ended, offset));
        }
    }

    /// <summary>Whether it was moved before a moment, so that deadlines may lie anywhere later than promised.</summary>
    public bool HasMovedBefore(TimeSpan moment)
    {
        lock (_lock)
        {
            return _moves.Exists(move => move.Begun < moment);
        }
    }

    /// <summary>The earliest time that the server's clock may have shown between two moments of ours.</summary>
    public TimeSpan Earliest(TimeSpan from, TimeSpan to) => Pieces(from, to).Min(static piece => piece.From + piece.Offset);

    /// <summary>The first moment of ours, from another one on, at which the server's clock may have shown a time or a later one; null for never.</summary>
    public TimeSpan? FirstAt(TimeSpan from, TimeSpan shown)
    {
        TimeSpan? first = null;
        foreach (var (begin, end, offset) in Pieces(from, TimeSpan.MaxValue))
        {
            var moment = shown - offset > begin ? shown - offset : begin;
            if (moment <= end && (first is null || moment < first))
            {
                first = moment;
            }
        }

        return first;
    }

    /// <summary>The pieces of a time with the offset that ruled there; while the clock is being moved, both may rule.</summary>
    private IEnumerable<(TimeSpan From, TimeSpan To, TimeSpan Offset)> Pieces(TimeSpan from, TimeSpan to)
    {
        (TimeSpan Begun, TimeSpan Ended, TimeSpan Offset)[] moves;
        lock (_lock)
        {
            moves = [.. _moves];
        }

        var (begin, offset) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var move in moves)
        {
            if (begin <= to && move.Ended >= from)
            {
                yield return (Max(begin, from), move.Ended < to ? move.Ended : to, offset);
            }

            (begin, offset) = (move.Begun, move.Offset);
        }

        if (begin <= to)
        {
            yield return (Max(begin, from), to, offset);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
