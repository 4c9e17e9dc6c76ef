namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What the only caller of a session knows of it, on a server that evicts; and whether each further answer agrees with that.</summary>
internal sealed class EvictableSession(SessionId id)
{
    /// <summary>Every sequence that was given in this generation, and the number of its frame.</summary>
    private readonly SortedDictionary<long, int> _given = [];

    /// <summary>The first sequence behind the last loss that was reported.</summary>
    private long _first;
    private bool _isLossReported;

    public SessionId Id => id;

    /// <summary>The sequence behind the last that was given.</summary>
    public long Next { get; private set; }

    /// <summary>The oldest sequence that is to be there.</summary>
    public long First => _first;

    /// <summary>Notes that the next session of the id begins.</summary>
    public void Restart()
    {
        _given.Clear();
        (_first, Next, _isLossReported) = (0, 0, false);
    }

    /// <summary>Notes that an appender got a loss reported.</summary>
    public void NoteLoss(FramesLostException loss)
    {
        Assert.True(loss.Sequence < Next, $"{id}: frame {loss.Sequence} is said to be lost, and {Next} is the next");
        _isLossReported = true;
    }

    /// <summary>Notes frames that were acknowledged: their sequences were never given before, and follow the last, unless the loss of that was reported.</summary>
    public void NoteAppended(long sequence, int number, int count)
    {
        Assert.True(sequence == Next || (sequence > Next && _isLossReported), $"{id}: sequence {sequence} was given, {Next} is the next, and {(_isLossReported ? "a" : "no")} loss was reported");
        if (sequence > Next)
        {
            (_first, _isLossReported) = (sequence, false);
        }

        for (var i = 0; i < count; i++)
        {
            Assert.True(_given.TryAdd(sequence + i, number + i), $"{id}: sequence {sequence + i} was given twice");
        }

        Next = sequence + count;
    }

    /// <summary>Checks what a reader got from <see cref="First"/> on without an error: everything that was acknowledged.</summary>
    public void AssertRead(IReadOnlyList<MessageEnvelope> frames)
    {
        Assert.Equal(_given.Where(given => given.Key >= _first), frames.Select(Pair));
    }

    /// <summary>Checks what a follower got so far: from the beginning on, without a gap.</summary>
    public void AssertFollowed(IReadOnlyList<MessageEnvelope> frames) => Assert.Equal(_given.Take(frames.Count), frames.Select(Pair));

    private static KeyValuePair<long, int> Pair(MessageEnvelope frame) => new(frame.Sequence, Make.Number(frame));
}
