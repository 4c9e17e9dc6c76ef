namespace Shadowcat.Sessions.Redis;

/// <summary>What becomes of an append that finds as many frames waiting for the server as may.</summary>
public enum AppendQueueFullMode
{
    /// <summary>It waits for room, first come first served, within <see cref="RedisSessionStoreOptions.OperationTimeout"/>.</summary>
    Wait = 0,

    /// <summary>It fails at once with a <see cref="SessionStoreUnavailableException"/>; nothing was done.</summary>
    Fail = 1,
}
