namespace Shadowcat.Sessions.Mcp;

/// <summary>What came of sending a recorded client's messages to a server.</summary>
public sealed record ReplayReport
{
    /// <summary>Describes what came of a replay.</summary>
    /// <param name="requests">How many requests were sent.</param>
    /// <param name="sameAnswers">How many of them were answered as in the recording.</param>
    /// <param name="differences">What was otherwise, in the order in which it was noticed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="differences"/> is null.</exception>
    public ReplayReport(int requests, int sameAnswers, IReadOnlyList<ReplayDifference> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        Requests = requests;
        SameAnswers = sameAnswers;
        Differences = differences;
    }

    /// <summary>How many requests were sent.</summary>
    public int Requests { get; }

    /// <summary>How many of them were answered as in the recording.</summary>
    public int SameAnswers { get; }

    /// <summary>What was otherwise, in the order in which it was noticed.</summary>
    public IReadOnlyList<ReplayDifference> Differences { get; }
}
