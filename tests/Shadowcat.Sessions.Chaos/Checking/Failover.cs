namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>A time in which servers handed over from one to another, and so may have lost the newest of what they acknowledged.</summary>
/// <param name="Begun">Since when the former primary may have been silent.</param>
/// <param name="Ended">When another one was named.</param>
internal readonly record struct Failover(TimeSpan Begun, TimeSpan Ended)
{
    /// <summary>How far a replica may have been behind.</summary>
    private static readonly TimeSpan OldestLoss = TimeSpan.FromSeconds(1);

    /// <summary>Whether a frame that was acknowledged then may be lost by it.</summary>
    /// <param name="acknowledged">When it was acknowledged.</param>
    /// <param name="recovery">How long the former primary may still be written to after another one was named.</param>
    public bool MayLose(TimeSpan acknowledged, TimeSpan recovery) => acknowledged > Begun - OldestLoss && acknowledged < Ended + recovery;
}
