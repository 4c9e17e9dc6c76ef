using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Everything this package logs. Event ids are stable; no message holds an id, a payload or a credential.</summary>
internal static partial class AspNetCoreLog
{
    /// <summary>Says what kind of failure it was; its text names the session.</summary>
    public static void Unavailable(ILogger logger, SessionStoreException exception) => Unavailable(logger, exception.Operation, exception.Reason);

    [LoggerMessage(1, LogLevel.Warning, "A request was refused, for {Operation} failed ({Failure}).")]
    private static partial void Unavailable(ILogger logger, string operation, string failure);

    [LoggerMessage(2, LogLevel.Information, "A session goes on in this process.")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "A session cannot go on in this process: {Reason}. Its client has to begin a new one.")]
    public static partial void NotResumable(ILogger logger, string reason);

    /// <summary>Says what kind of failure it was; its text names the session.</summary>
    public static void VersionNotStored(ILogger logger, Exception exception) => VersionNotStored(logger, exception.GetType().Name);

    [LoggerMessage(4, LogLevel.Warning, "The negotiated version of a session could not be stored ({Failure}): the session cannot go on in another process.")]
    private static partial void VersionNotStored(ILogger logger, string failure);

    [LoggerMessage(5, LogLevel.Warning, "An event id that this store did not make, or not for the caller, was refused.")]
    public static partial void UnknownEventId(ILogger logger);

    /// <summary>Says what kind of failure it was; its text names the session.</summary>
    public static void NotKeptAlive(ILogger logger, SessionStoreException exception) => NotKeptAlive(logger, exception.Reason);

    [LoggerMessage(6, LogLevel.Warning, "The deadline of a session that is used could not be moved ({Failure}): the session may end while it is used.")]
    private static partial void NotKeptAlive(ILogger logger, string failure);

    /// <summary>Says what kind of failure it was; its text may name the session.</summary>
    public static void NotLookedAfter(ILogger logger, Exception exception) => NotLookedAfter(logger, exception.GetType().Name);

    [LoggerMessage(7, LogLevel.Warning, "Whether an open session goes on could not be found out, or it could not be ended in this process ({Failure}); it is looked at again.")]
    private static partial void NotLookedAfter(ILogger logger, string failure);
}
