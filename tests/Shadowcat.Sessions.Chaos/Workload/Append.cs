namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>What is known of one frame that a writer gave to the store.</summary>
internal struct Append
{
    /// <summary>Which of the sessions.</summary>
    public int Session;

    /// <summary>The number of the first frame of its call, and how many the call had.</summary>
    public int First;

    public int Count;

    public Outcome Outcome;

    /// <summary>Where it is, if it was acknowledged.</summary>
    public long Sequence;

    /// <summary>When its call ended.</summary>
    public TimeSpan Ended;
}
