namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What a check of a history came to, and how far it got.</summary>
/// <param name="Verdict">What it came to.</param>
/// <param name="State">The session behind the longest order that was found.</param>
/// <param name="Left">What is not in that order and would have come next.</param>
internal sealed record HistoryJudgement(HistoryVerdict Verdict, ModelState State, IReadOnlyList<HistoryOperation> Left);
