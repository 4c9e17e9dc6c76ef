namespace Shadowcat.Sessions.Mcp;

/// <summary>The options of <see cref="SessionReplay.ReplayClientAsync"/>.</summary>
public sealed class SessionReplayOptions
{
    /// <summary>How long an answer is awaited.</summary>
    /// <value>More than zero, at most one day; 30 seconds by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan AnswerTimeout
    {
        get;
        set => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "AnswerTimeout must be more than zero and at most one day.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>The first frame that is replayed, by its sequence. Before it comes the handshake alone: <c>initialize</c>, <c>server/discover</c> and <c>notifications/initialized</c> of the recorded client, with their answers.</summary>
    /// <value>At least 0; 0 by default, for the whole session.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public long FromSequence
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "FromSequence must be at least 0.");
    }

    /// <summary>The paths in answers that are not compared, with everything below them, in the form of <see cref="ReplayDifference.Path"/>; <c>[*]</c> stands for any index of an array.</summary>
    /// <value>None by default. <c>_meta</c> of a result is never compared.</value>
    public IList<string> IgnoredPaths { get; } = [];
}
