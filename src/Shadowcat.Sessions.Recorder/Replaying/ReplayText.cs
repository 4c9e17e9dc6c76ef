using System.Globalization;
using System.Text;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Replaying;

/// <summary>What came of a replay, as text.</summary>
internal static class ReplayText
{
    public static string Of(ReplayReport report)
    {
        var text = new StringBuilder();
        foreach (var difference in report.Differences)
        {
            text.Append(CultureInfo.InvariantCulture, $"{difference.Kind} {SafeText.Of(difference.Method)}");
            text.Append(difference.Sequence is { } sequence ? $" #{sequence}" : "").Append(difference.Path is { } path ? $" {SafeText.Of(path)}" : "").AppendLine();
            text.Append("  recorded ").AppendLine(SafeText.Of(difference.Recorded ?? "nothing"));
            text.Append("  now      ").AppendLine(SafeText.Of(difference.Actual ?? "nothing"));
        }

        return text.AppendLine(CultureInfo.InvariantCulture, $"{report.SameAnswers} of {report.Requests} answers are the same, {report.Differences.Count} differences").ToString();
    }
}
