namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>One thing that may be wrong in a conversation.</summary>
/// <param name="Id">Its name; never changes its meaning.</param>
/// <param name="Severity">How bad it usually is.</param>
/// <param name="Description">What it is, in a sentence.</param>
internal sealed record CheckRule(string Id, Severity Severity, string Description);
