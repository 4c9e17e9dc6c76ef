using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>What was found in conversations, for people.</summary>
internal static class CheckText
{
    public static void Write(IAnsiConsole screen, IReadOnlyList<CheckReport> reports)
    {
        foreach (var report in reports)
        {
            screen.Write(new Text($"{report.Session.Id}, {report.Frames} frames{Peers(report.Session)}"));
            screen.WriteLine();
            Write(screen, report);
        }
    }

    private static void Write(IAnsiConsole screen, CheckReport report)
    {
        var listed = report.Findings.Listed;
        if (listed.Count == 0)
        {
            screen.WriteLine("Nothing is wrong.");
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn();
        foreach (var finding in listed)
        {
            grid.AddRow(
                new Text(Word(finding.Severity), StyleOf(finding.Severity)),
                new Text(finding.Sequence is { } sequence ? $"#{sequence}" : ""),
                new Text($"{finding.Rule.Id}: {finding.Message}"));
        }

        screen.Write(grid);
        foreach (var (rule, count) in report.Findings.Omitted)
        {
            screen.WriteLine($"and {count} more of {rule.Id}");
        }

        screen.WriteLine(string.Join(", ", new[] { Severity.Error, Severity.Warning, Severity.Note }.Select(severity => Counted(report.Findings.Count(severity), Word(severity)))));
    }

    private static string Peers(Session session) => session is { ClientInfo: null, ServerInfo: null }
        ? ""
        : $", {SafeText.Of(session.ClientInfo?.Name ?? "?")} to {SafeText.Of(session.ServerInfo?.Name ?? "?")}";

    private static string Counted(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";

    private static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static Style StyleOf(Severity severity) => severity switch
    {
        Severity.Error => new Style(Color.Red),
        Severity.Warning => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
