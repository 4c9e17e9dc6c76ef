using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>All log messages of this package. Event ids are stable. No message holds a session id, a payload or a credential.</summary>
internal static partial class AspNetCoreLog
{
    /// <summary>Logs the reason of the failure and not its text, which names the session.</summary>
    public static void Unavailable(ILogger logger, SessionStoreException exception) => Unavailable(logger, exception.Operation, exception.Reason);

    [LoggerMessage(1, LogLevel.Warning, "A request was refused because {Operation} failed ({Failure}). Where a limit is named, see ClientLimits; otherwise check that the store can be reached.")]
    private static partial void Unavailable(ILogger logger, string operation, string failure);

    [LoggerMessage(2, LogLevel.Information, "A session of another replica was resumed in this process.")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "A session cannot be resumed in this process: {Reason}. Its client gets 404 and has to begin a new one.")]
    public static partial void NotResumable(ILogger logger, string reason);

    /// <summary>Logs the kind of the failure and not its text, which names the session.</summary>
    public static void VersionNotStored(ILogger logger, Exception exception) => VersionNotStored(logger, exception.GetType().Name);

    [LoggerMessage(4, LogLevel.Warning, "The negotiated protocol version of a session could not be stored ({Failure}). The session cannot be resumed in another process. Check that the store can be reached.")]
    private static partial void VersionNotStored(ILogger logger, string failure);

    [LoggerMessage(5, LogLevel.Warning, "A Last-Event-ID was refused: it is not from this event store, or not for this caller.")]
    public static partial void UnknownEventId(ILogger logger);

    /// <summary>Logs the reason of the failure and not its text, which names the session.</summary>
    public static void NotKeptAlive(ILogger logger, SessionStoreException exception) => NotKeptAlive(logger, exception.Reason);

    [LoggerMessage(6, LogLevel.Warning, "A session in use could not be touched ({Failure}). It may expire while it is used. Check that the store can be reached and is not full.")]
    private static partial void NotKeptAlive(ILogger logger, string failure);

    /// <summary>Logs the kind of the failure and not its text, which may name the session.</summary>
    public static void CheckFailed(ILogger logger, Exception exception) => CheckFailed(logger, exception.GetType().Name);

    [LoggerMessage(7, LogLevel.Warning, "An open session could not be checked, or could not be ended in this process ({Failure}). It is checked again in 10 seconds.")]
    private static partial void CheckFailed(ILogger logger, string failure);
}
