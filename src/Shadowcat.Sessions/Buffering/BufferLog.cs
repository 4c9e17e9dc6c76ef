using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>What buffers log. Event ids are stable; no message holds a payload, a credential or a session id.</summary>
internal static partial class BufferLog
{
    /// <summary>Says why without saying for which session: the exception names it.</summary>
    public static void OutageBegan(ILogger logger, Exception exception) => OutageBegan(logger, (exception as SessionStoreException)?.Reason ?? exception.GetType().Name);

    [LoggerMessage(40, LogLevel.Warning, "The store does not serve: {Cause} Sessions and frames wait in memory until it does.")]
    private static partial void OutageBegan(ILogger logger, string cause);

    [LoggerMessage(41, LogLevel.Information, "The store serves again after {Duration}, and has what waited: {Replayed} frames. {Refused} were refused and {Lost} given up meanwhile.")]
    public static partial void OutageEnded(ILogger logger, TimeSpan duration, long replayed, long refused, long lost);

    [LoggerMessage(42, LogLevel.Warning, "The buffer is full ({Limit}): what comes is refused until the store has taken some of it.")]
    public static partial void Full(ILogger logger, string limit);

    [LoggerMessage(43, LogLevel.Error, "The buffer was disposed of before the store had taken everything: {Frames} frames and {Sessions} sessions were given up.")]
    public static partial void GivenUpAtTheEnd(ILogger logger, long frames, long sessions);

    [LoggerMessage(45, LogLevel.Error, "The host has stopped, and the store has not taken everything from the buffer: {Frames} frames and {Sessions} sessions wait, and are lost when the process ends.")]
    public static partial void LeftAtTheStop(ILogger logger, long frames, long sessions);

    [LoggerMessage(44, LogLevel.Error, "The server lost frames that it had acknowledged. What is in the buffer is not among them, and is stored behind them.")]
    public static partial void FramesLost(ILogger logger);
}
