namespace Shadowcat.Sessions.Mcp;

/// <summary>How a recorded client's messages are sent to a server, and what counts as a difference.</summary>
public sealed class SessionReplayOptions
{
    /// <summary>How long an answer is waited for.</summary>
    /// <value>More than zero, at most a day; 30 seconds by default.</value>
    public TimeSpan AnswerTimeout
    {
        get;
        set => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "An answer is waited for more than zero and at most a day.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>The parts of answers that may differ, as <see cref="ReplayDifference.Path"/> names them, with all below them; <c>[*]</c> stands for any place in an array.</summary>
    /// <value>None by default; <c>_meta</c> of a result is never compared.</value>
    public IList<string> IgnoredPaths { get; } = [];
}
