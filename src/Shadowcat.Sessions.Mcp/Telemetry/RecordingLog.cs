using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Everything the recording logs. Event ids are stable; no message holds a payload or a credential.</summary>
internal static partial class RecordingLog
{
    /// <summary>Logs the kind of the failure and not its text, which names the session.</summary>
    public static void Interrupted(ILogger logger, Exception exception) =>
        Interrupted(logger, (exception as SessionStoreException)?.Operation ?? "the store", (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(1, LogLevel.Warning, "Not recording: {Operation} failed ({Failure}). The conversation goes on, and the store is tried again. Messages are queued, and dropped and counted once the queue is full. Check that the store can be reached.")]
    private static partial void Interrupted(ILogger logger, string operation, string failure);

    [LoggerMessage(2, LogLevel.Information, "Recording again: the store is available.")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "{Count} messages were not recorded ({Reason}). The next frame of their session notes how many are missing.")]
    public static partial void Dropped(ILogger logger, long count, string reason);

    /// <summary>Logs the kind of the failure and not its text, which may hold what was to be redacted.</summary>
    public static void RedactionFailed(ILogger logger, IFrameRedactor redactor, Exception exception) =>
        RedactionFailed(logger, redactor.GetType().Name, exception.GetType().Name);

    [LoggerMessage(4, LogLevel.Error, "The redactor {Redactor} failed ({Failure}). The frame is not stored; correct the redactor.")]
    private static partial void RedactionFailed(ILogger logger, string redactor, string failure);

    [LoggerMessage(7, LogLevel.Warning, "Redacting a frame took longer than {Timeout} (RedactionTimeout). The frame is stored without its payload.")]
    public static partial void RedactionTimedOut(ILogger logger, TimeSpan timeout);

    [LoggerMessage(8, LogLevel.Warning, "A message of {Length} bytes is larger than the limit of {Limit} bytes (MaxFrameBytes, or MaxAnonymousFirstFrameBytes). Only its beginning is recorded. This is logged once.")]
    public static partial void MessageCut(ILogger logger, int length, int limit);

    [LoggerMessage(5, LogLevel.Warning, "A session that is being recorded was deleted, or another session has its id. Its further messages are not recorded.")]
    public static partial void SessionGone(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "Recording a message failed. The conversation goes on; the message is dropped and counted.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
