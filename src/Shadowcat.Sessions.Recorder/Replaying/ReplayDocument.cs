using System.Text.Json;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Replaying;

/// <summary>What came of a replay, as JSON.</summary>
internal static class ReplayDocument
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static string Of(ReplayReport report) => JsonSerializer.Serialize(
        new
        {
            report.Requests,
            report.SameAnswers,
            Differences = report.Differences.Select(static difference => new
            {
                Kind = JsonNamingPolicy.CamelCase.ConvertName($"{difference.Kind}"),
                difference.Method,
                difference.Sequence,
                difference.Path,
                difference.Recorded,
                difference.Actual,
            }),
        },
        CamelCase) + Environment.NewLine;
}
