using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>What the store logs. Event ids are stable, and none of another package; no message holds a payload, a credential or a session id.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(5, LogLevel.Error, "The server no longer has frames that it had acknowledged, as after a failover that lost its tail.")]
    public static partial void AcknowledgedFramesLost(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "The Redis server cannot be reached at start-up ({Reason}). Calls fail until it can.")]
    public static partial void UnavailableAtStartup(ILogger logger, string reason, Exception exception);

    /// <summary>Says why without saying which: the exception names the session.</summary>
    public static void FollowingDelayed(ILogger logger, Exception exception) => FollowingDelayed(logger, (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(7, LogLevel.Warning, "Following a session is delayed, because the store does not serve just now ({Cause}).")]
    private static partial void FollowingDelayed(ILogger logger, string cause);

    [LoggerMessage(8, LogLevel.Warning, "Changes to sessions by other processes cannot be heard. No session is cached until they can.")]
    public static partial void ChangesUnheard(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Information, "Changes to sessions by other processes are heard again.")]
    public static partial void ChangesHeardAgain(ILogger logger);

    /// <summary>Says why without saying which: the exception names the session.</summary>
    public static void FollowersUnaided(ILogger logger, Exception exception) => FollowersUnaided(logger, (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(10, LogLevel.Warning, "Followers of sessions cannot be woken when there is more to read; they look five times a second until they can ({Cause}).")]
    private static partial void FollowersUnaided(ILogger logger, string cause);

    [LoggerMessage(11, LogLevel.Information, "Followers of sessions are woken again when there is more to read.")]
    public static partial void FollowersHearAgain(ILogger logger);

    [LoggerMessage(20, LogLevel.Error, "The Redis server {Server} does not answer any more ({Cause}). Look at whether it runs, and whether it can be reached from here. Calls that need it fail at once until it answers.")]
    public static partial void OutageBegan(ILogger logger, string? server, string cause);

    [LoggerMessage(21, LogLevel.Information, "The Redis server {Server} answers again, after {Seconds} s in which {FailedCalls} calls failed.")]
    public static partial void OutageEnded(ILogger logger, string? server, string seconds, long failedCalls);

    [LoggerMessage(22, LogLevel.Warning, "The Redis server {Server} evicts keys when its memory is full (maxmemory-policy {Policy}): sessions and acknowledged frames may vanish. Set it to noeviction.")]
    public static partial void MemoryPolicyEvicts(ILogger logger, string server, string policy);

    [LoggerMessage(23, LogLevel.Debug, "The Redis server {Server} does not say what its maxmemory-policy is; it should be noeviction.")]
    public static partial void MemoryPolicyUnknown(ILogger logger, string server);

    [LoggerMessage(24, LogLevel.Warning, "The layout record was gone from the Redis server and was written anew. So may sessions be, as after FLUSHALL or a restart without what was saved.")]
    public static partial void LayoutWrittenAnew(ILogger logger);

    [LoggerMessage(25, LogLevel.Error, "The layout record on the Redis server is another one than when this store connected: other processes keep sessions elsewhere. Every call fails until it is the same again, or the process is restarted.")]
    public static partial void LayoutChanged(ILogger logger);

    [LoggerMessage(26, LogLevel.Warning, "The configuration of the Redis connection sets what the store sets itself: {Settings}. That is not used. How long operations take says OperationTimeout with its kin, how often they are tried again MaxRetries.")]
    public static partial void SettingsOverridden(ILogger logger, string settings);

    [LoggerMessage(27, LogLevel.Warning, "The store works over a connection that the application handed over, so that these of its options are not used: {Settings}. Set them on the connection.")]
    public static partial void SettingsUnused(ILogger logger, string settings);
}
