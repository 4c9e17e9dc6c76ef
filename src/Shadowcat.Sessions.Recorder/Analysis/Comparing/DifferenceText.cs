using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>The differences of two recordings, as tools that compare files show them.</summary>
internal static class DifferenceText
{
    private static readonly Style Removed = new(Color.Red);
    private static readonly Style Added = new(Color.Green);

    public static void Write(IAnsiConsole screen, DifferenceReport report)
    {
        Line(screen, $"--- {report.First.Name}", Removed);
        Line(screen, $"+++ {report.Second.Name}", Added);
        foreach (var difference in report.Differences)
        {
            Write(screen, difference);
        }

        var listed = report.Differences.Count;
        Line(screen, $"{Amounts.Of(report.Same, "message")} the same, {report.Differing} not; {Amounts.Of(listed, "difference")} shown", Style.Plain);
    }

    private static void Write(IAnsiConsole screen, RecordingDifference difference)
    {
        switch (difference.Kind)
        {
            case DifferenceKind.OnlyInFirst:
                Line(screen, $"- {difference.Title} {Places(difference)}", Removed);
                break;
            case DifferenceKind.OnlyInSecond:
                Line(screen, $"+ {difference.Title} {Places(difference)}", Added);
                break;
            case DifferenceKind.NotComparable:
                Line(screen, $"? {difference.Title} {Places(difference)}: not recorded as a whole, so it cannot be compared", Style.Plain);
                break;
            default:
                Line(screen, $"! {difference.Title} {Places(difference)} {difference.Path ?? (difference.Kind == DifferenceKind.Answer ? "answer" : "")}", Style.Plain);
                Line(screen, $"  - {difference.First ?? "nothing"}", Removed);
                Line(screen, $"  + {difference.Second ?? "nothing"}", Added);
                break;
        }
    }

    private static string Places(RecordingDifference difference) => (difference.FirstSequence, difference.SecondSequence) switch
    {
        ({ } first, { } second) => $"#{first} #{second}",
        ({ } first, null) => $"#{first}",
        (null, { } second) => $"#{second}",
        _ => "",
    };

    private static void Line(IAnsiConsole screen, string text, Style style)
    {
        screen.Write(new Text(SafeText.Cut(SafeText.Of(text).TrimEnd(), screen.Profile.Width), style));
        screen.WriteLine();
    }
}
