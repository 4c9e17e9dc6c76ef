using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>What the library logs. Event ids are stable, and no package has those of another; no message holds a payload, a credential or a session id.</summary>
internal static partial class Log
{
    /// <summary>Says why without saying which: the exception names the session.</summary>
    public static void SessionUnreadable(ILogger logger, long? formatVersion, Exception exception) =>
        SessionUnreadable(logger, formatVersion, (exception.InnerException ?? exception).GetType().Name);

    [LoggerMessage(1, LogLevel.Warning, "A stored session cannot be read and was passed over in a listing (format version {FormatVersion}, {Cause}).")]
    private static partial void SessionUnreadable(ILogger logger, long? formatVersion, string cause);

    [LoggerMessage(2, LogLevel.Error, "A listener failed when it was notified of an expired session.")]
    public static partial void ExpirationListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Reclaimed {Count} expired sessions.")]
    public static partial void SessionsReaped(ILogger logger, long count);

    [LoggerMessage(4, LogLevel.Warning, "Reclaiming expired sessions failed; it is tried again every {Interval}, and said when it succeeds.")]
    public static partial void ReapingFailed(ILogger logger, TimeSpan interval, Exception exception);

    [LoggerMessage(12, LogLevel.Information, "Expired sessions are reclaimed again.")]
    public static partial void ReapingAgain(ILogger logger);
}
