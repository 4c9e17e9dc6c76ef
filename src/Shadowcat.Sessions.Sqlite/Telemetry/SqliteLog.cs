using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>What the store logs. Event ids are stable and differ from those of other packages. No message contains a payload, a credential or a session id.</summary>
internal static partial class SqliteLog
{
    [LoggerMessage(60, LogLevel.Warning, "The file of the sessions cannot be used at start-up ({Reason}). Calls fail until it can.")]
    public static partial void UnavailableAtStartup(ILogger logger, string reason, Exception exception);

    [LoggerMessage(61, LogLevel.Warning, "Changes to sessions by other processes are not received: the file cannot be read. No session is cached until it can.")]
    public static partial void ChangesNotReceived(ILogger logger, Exception exception);

    [LoggerMessage(62, LogLevel.Information, "Changes to sessions by other processes are received again.")]
    public static partial void ChangesReceivedAgain(ILogger logger);

    [LoggerMessage(63, LogLevel.Warning, "A follower of a session waits, because the store is unavailable ({Reason}). It continues when the store is available again.")]
    public static partial void FollowingDelayed(ILogger logger, string reason);
}
