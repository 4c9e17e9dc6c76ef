namespace Shadowcat.Sessions.Inspector;

/// <summary>How many frames a second all followings read together: so that open pages, however many, leave the processors to those who write.</summary>
/// <remarks>Sessions that grow faster than all followings may read are never read to their end, and nobody looks at thousands of frames a second. Little is read of them then, and the rest as soon as less is written.</remarks>
internal sealed class ReadingBudget
{
    public const int FramesPerSecond = 20_000;

    /// <summary>What is read while more than <see cref="MaxGrowth"/> is written.</summary>
    public const int ReducedFramesPerSecond = 2000;

    /// <summary>How many frames a second may be written to the sessions that are followed before less is read of them.</summary>
    public const int MaxGrowth = FramesPerSecond / 2;

    /// <summary>Rather a few frames often than many from time to time.</summary>
    private const int ReducedBatchSize = SummaryBatch.MaxCount / 5;

    /// <summary>Whoever reads fewer frames a second takes no share from others.</summary>
    private const int Quiet = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<object, (double Growth, bool IsBehind)> _followings = [];

    /// <summary>How many frames are read at once.</summary>
    public int BatchSize
    {
        get
        {
            lock (_lock)
            {
                return IsReduced ? ReducedBatchSize : SummaryBatch.MaxCount;
            }
        }
    }

    private bool IsReduced => _followings.Values.Sum(static known => known.Growth) > MaxGrowth;

    /// <summary>Notes how a following stands.</summary>
    /// <param name="following">The following.</param>
    /// <param name="growth">How many frames a second are written to its session.</param>
    /// <param name="isBehind">Whether it has to read more than those.</param>
    public void Note(object following, double growth, bool isBehind)
    {
        lock (_lock)
        {
            _followings[following] = (growth, isBehind);
        }
    }

    /// <summary>A following reads no more.</summary>
    public void Leave(object following)
    {
        lock (_lock)
        {
            _followings.Remove(following);
        }
    }

    /// <summary>How long a following waits that has read some frames, before it reads on.</summary>
    public TimeSpan PauseAfter(int frames)
    {
        lock (_lock)
        {
            var sharers = _followings.Values.Count(static known => known.IsBehind || known.Growth >= Quiet);
            return TimeSpan.FromSeconds((double)frames * Math.Max(1, sharers) / (IsReduced ? ReducedFramesPerSecond : FramesPerSecond));
        }
    }
}
