namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>What was found in one conversation.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Frames">How many frames were looked at.</param>
/// <param name="Findings">What is wrong.</param>
internal sealed record CheckReport(Session Session, long Frames, Findings Findings)
{
    /// <summary>Whether something is as bad, or worse.</summary>
    public bool Has(Severity severity) => Enum.GetValues<Severity>().Any(other => other >= severity && Findings.Count(other) > 0);
}
