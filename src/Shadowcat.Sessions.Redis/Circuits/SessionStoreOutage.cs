namespace Shadowcat.Sessions.Redis;

/// <summary>An outage that a store has noticed: calls that need the server fail at once until it answers again.</summary>
public sealed record SessionStoreOutage
{
    /// <summary>Describes an outage.</summary>
    /// <param name="since">When calls began to fail at once, by the local clock.</param>
    /// <param name="failedCalls">How many calls have failed so far, those by which it was noticed among them.</param>
    /// <param name="isPartial">True where other servers of the cluster still serve their partitions.</param>
    public SessionStoreOutage(DateTimeOffset since, long failedCalls, bool isPartial)
    {
        Since = since;
        FailedCalls = failedCalls;
        IsPartial = isPartial;
    }

    /// <summary>When calls began to fail at once, by the local clock.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>How many calls have failed so far, those by which it was noticed among them.</summary>
    public long FailedCalls { get; }

    /// <summary>True where other servers of the cluster still serve their partitions.</summary>
    public bool IsPartial { get; }
}
