namespace Shadowcat.Sessions.Redis;

/// <summary>What happens to an append when the queue to the server is full.</summary>
public enum AppendQueueFullMode
{
    /// <summary>It waits for capacity, first come first served, within its timeout.</summary>
    Wait = 0,

    /// <summary>It fails at once with a <see cref="SessionStoreUnavailableException"/>; nothing was done.</summary>
    Fail = 1,
}
