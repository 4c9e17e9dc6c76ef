using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Everything the recording logs. Event ids are stable; no message holds a payload or a credential.</summary>
internal static partial class RecordingLog
{
    /// <summary>Says what kind of failure it was; its text names the session.</summary>
    public static void Interrupted(ILogger logger, Exception exception) =>
        Interrupted(logger, (exception as SessionStoreException)?.Operation ?? "the store", (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(1, LogLevel.Warning, "Not recording: {Operation} failed ({Failure}). The conversation goes on; what the queue has no room for is dropped and counted.")]
    private static partial void Interrupted(ILogger logger, string operation, string failure);

    [LoggerMessage(2, LogLevel.Information, "Messages are stored again.")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "{Count} messages were not recorded ({Reason}).")]
    public static partial void Dropped(ILogger logger, long count, string reason);

    /// <summary>Says what kind of failure it was; its text may hold what was to be redacted.</summary>
    public static void RedactionFailed(ILogger logger, IFrameRedactor redactor, Exception exception) =>
        RedactionFailed(logger, redactor.GetType().Name, exception.GetType().Name);

    [LoggerMessage(4, LogLevel.Error, "The redactor {Redactor} failed ({Failure}); the frame is not stored.")]
    private static partial void RedactionFailed(ILogger logger, string redactor, string failure);

    [LoggerMessage(7, LogLevel.Warning, "Redacting a frame took longer than {Timeout}; it is stored without its payload.")]
    public static partial void RedactionTimedOut(ILogger logger, TimeSpan timeout);

    [LoggerMessage(8, LogLevel.Warning, "A message of {Length} bytes is larger than the {Limit} bytes that are kept of one: only its beginning is recorded. This is said once.")]
    public static partial void MessageCut(ILogger logger, int length, int limit);

    [LoggerMessage(5, LogLevel.Warning, "A session that was being recorded is gone from the store; the rest of it is not recorded.")]
    public static partial void SessionGone(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "Recording failed; the conversation goes on.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
