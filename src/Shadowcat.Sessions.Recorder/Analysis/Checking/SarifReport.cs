using System.Globalization;
using System.Reflection;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>What was found, as SARIF 2.1.0.</summary>
/// <seealso href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"/>
internal static class SarifReport
{
    /// <summary>The line of the session in an archive of one; its frames follow.</summary>
    private const int LinesBeforeFrames = 1;

    /// <param name="reports">What was found.</param>
    /// <param name="file">The archive that was looked at; null for a session of a store.</param>
    public static string Of(IReadOnlyCollection<CheckReport> reports, string? file)
    {
        // The lines of several sessions are not known here.
        var uri = file is null ? null : UriOf(file);
        var hasLines = reports.Count == 1;
        return ReportJson.Of(new Dictionary<string, object>
        {
            ["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new[]
            {
                new
                {
                    Tool = new { Driver = Driver() },
                    ColumnKind = "utf16CodeUnits",
                    Results = reports.SelectMany(report => report.Findings.Listed.Select(finding => Result(report, finding, uri, hasLines))),
                },
            },
        });
    }

    private static object Driver() => new
    {
        Name = "shadowcat",
        Version = typeof(SarifReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        Rules = CheckRules.All.Select(static rule => new
        {
            rule.Id,
            ShortDescription = new { Text = rule.Description },
            DefaultConfiguration = new { Level = rule.Severity },
        }),
    };

    private static object Result(CheckReport report, Finding finding, string? uri, bool hasLines) => new
    {
        RuleId = finding.Rule.Id,
        RuleIndex = CheckRules.All.ToList().IndexOf(finding.Rule),
        Level = finding.Severity,
        Message = new { Text = finding.Message },
        Locations = new[]
        {
            new
            {
                PhysicalLocation = uri is null ? null : new
                {
                    ArtifactLocation = new { Uri = uri },
                    Region = hasLines && finding.Sequence is { } place ? new { StartLine = place - report.Session.FirstSequence + LinesBeforeFrames + 1 } : null,
                },
                LogicalLocations = new[]
                {
                    new
                    {
                        Name = finding.Sequence is { } frame ? string.Create(CultureInfo.InvariantCulture, $"#{frame}") : report.Session.Id.Value,
                        FullyQualifiedName = finding.Sequence is { } sequence
                            ? string.Create(CultureInfo.InvariantCulture, $"{report.Session.Id}#{sequence}")
                            : report.Session.Id.Value,
                    },
                },
            },
        },
    };

    /// <summary>A path from the current folder stays one: what reads the report knows it by that.</summary>
    private static string UriOf(string file) => Path.IsPathRooted(file)
        ? new Uri(file).AbsoluteUri
        : string.Join('/', file.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
}
