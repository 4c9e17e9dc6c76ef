using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>What was found, as JSON.</summary>
internal static class CheckJson
{
    public static string Of(IReadOnlyCollection<CheckReport> reports) => ReportJson.Of(new
    {
        Errors = Count(reports, Severity.Error),
        Warnings = Count(reports, Severity.Warning),
        Notes = Count(reports, Severity.Note),
        Sessions = reports.Select(static report => new
        {
            Session = report.Session.Id.Value,
            report.Frames,
            Findings = report.Findings.Listed.Select(static finding => new { Rule = finding.Rule.Id, finding.Severity, finding.Sequence, finding.Message }),
            Omitted = report.Findings.Omitted.ToDictionary(static rule => rule.Key.Id, static rule => rule.Value),
        }),
    });

    private static int Count(IEnumerable<CheckReport> reports, Severity severity) => reports.Sum(report => report.Findings.Count(severity));
}
