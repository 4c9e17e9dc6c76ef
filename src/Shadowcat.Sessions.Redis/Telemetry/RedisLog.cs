using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>What the store logs. Event ids are stable and differ from those of other packages. No message contains a payload, a credential or a session id.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(5, LogLevel.Error, "The Redis server has lost frames that it had acknowledged, as after a failover to a replica that lagged. The next append to each such session fails with FramesLostException.")]
    public static partial void AcknowledgedFramesLost(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "The Redis server cannot be reached at start-up ({Reason}). Calls fail until it can.")]
    public static partial void UnavailableAtStartup(ILogger logger, string reason, Exception exception);

    /// <summary>Logs the reason only: the message of the exception names the session.</summary>
    public static void FollowingDelayed(ILogger logger, Exception exception) => FollowingDelayed(logger, (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(7, LogLevel.Warning, "A follower of a session waits, because the store is unavailable ({Cause}). It continues when the store is available again.")]
    private static partial void FollowingDelayed(ILogger logger, string cause);

    [LoggerMessage(8, LogLevel.Warning, "Changes to sessions by other processes are not received: the channel cannot be subscribed to. No session is cached until it can. Check the connection, and the account's right to the channel.")]
    public static partial void ChangesNotReceived(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Information, "Changes to sessions by other processes are received again.")]
    public static partial void ChangesReceivedAgain(ILogger logger);

    /// <summary>Logs the reason only: the message of the exception names the session.</summary>
    public static void FollowersNotNotified(ILogger logger, Exception exception) => FollowersNotNotified(logger, (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(10, LogLevel.Warning, "Followers of sessions are not notified of new frames ({Cause}). They poll the server five times a second until they are.")]
    private static partial void FollowersNotNotified(ILogger logger, string cause);

    [LoggerMessage(11, LogLevel.Information, "Followers of sessions are notified of new frames again.")]
    public static partial void FollowersNotifiedAgain(ILogger logger);

    [LoggerMessage(20, LogLevel.Error, "The Redis server {Server} does not answer any more ({Cause}): the circuit breaker is open. Check whether it runs, and whether it can be reached from here. Calls that need it fail at once until it answers.")]
    public static partial void OutageBegan(ILogger logger, string? server, string cause);

    [LoggerMessage(21, LogLevel.Information, "The Redis server {Server} answers again, after {Seconds} s in which {FailedCalls} calls failed.")]
    public static partial void OutageEnded(ILogger logger, string? server, string seconds, long failedCalls);

    [LoggerMessage(22, LogLevel.Warning, "The Redis server {Server} evicts keys when its memory is full (maxmemory-policy {Policy}): sessions and acknowledged frames may vanish. Set it to noeviction.")]
    public static partial void MemoryPolicyEvicts(ILogger logger, string server, string policy);

    [LoggerMessage(23, LogLevel.Debug, "The Redis server {Server} does not report its maxmemory-policy; it should be noeviction.")]
    public static partial void MemoryPolicyUnknown(ILogger logger, string server);

    [LoggerMessage(24, LogLevel.Warning, "The layout record was missing on the Redis server and was written again. Sessions may be missing too, as after FLUSHALL or a restart without persisted data.")]
    public static partial void LayoutWrittenAgain(ILogger logger);

    [LoggerMessage(25, LogLevel.Error, "The layout record on the Redis server has changed since this store connected: other processes keep sessions in other keys. Every call fails until the record is the same again, or the process is restarted with the same options as the others.")]
    public static partial void LayoutChanged(ILogger logger);

    [LoggerMessage(26, LogLevel.Warning, "The configuration of the Redis connection has settings that the store overrides: {Settings}. Set OperationTimeout, ReadTimeout, WriteTimeout and ListTimeout for timeouts, and MaxRetries for retries.")]
    public static partial void SettingsOverridden(ILogger logger, string settings);

    [LoggerMessage(27, LogLevel.Warning, "The store uses a connection of the application, so these of its options have no effect: {Settings}. Set them on the connection.")]
    public static partial void SettingsUnused(ILogger logger, string settings);
}
