namespace Shadowcat.Sessions.Mcp;

/// <summary>What came of sending a recorded client's messages to a server.</summary>
/// <param name="Requests">How many requests were sent.</param>
/// <param name="SameAnswers">How many of them were answered as in the recording.</param>
/// <param name="Differences">What was otherwise, in the order in which it was noticed.</param>
public sealed record ReplayReport(int Requests, int SameAnswers, IReadOnlyList<ReplayDifference> Differences);
