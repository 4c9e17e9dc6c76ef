using System.Text.Json;
using System.Text.Json.Serialization;
using Shadowcat.Sessions.Benchmarks.Rows;

namespace Shadowcat.Sessions.Benchmarks.Reporting;

/// <summary>The results as an array of rows. Latencies are in milliseconds, <c>allocated</c> in bytes an operation; null is what a row does not have.</summary>
internal static partial class ResultJson
{
    public static async Task WriteAsync(FileInfo file, IEnumerable<RowResult> results, CancellationToken cancellationToken)
    {
        file.Directory?.Create();
        await using var stream = file.Create();
        var rows = results.Select(result => new JsonRow(
            result.Row.Name,
            result.Figures.Ours,
            result.Figures.Reference,
            result.Figures.Ratio?.Median,
            result.Figures.Ratio?.Lower,
            result.Figures.Ratio?.Upper,
            result.Latencies?.P50,
            result.Latencies?.P95,
            result.Latencies?.P99,
            result.Allocated));
        await JsonSerializer.SerializeAsync(stream, rows.ToList(), JsonRows.Default.ListJsonRow, cancellationToken);
    }

    public static async Task<List<JsonRow>> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenRead();
        return await JsonSerializer.DeserializeAsync(stream, JsonRows.Default.ListJsonRow, cancellationToken) ?? [];
    }

    /// <summary>A row as it is written. The ratio is the median of the rounds, between <c>lower</c> and <c>upper</c> lies the middle half of them.</summary>
    internal sealed record JsonRow(
        string Name, double? Ours, double? Reference, double? Ratio, double? Lower, double? Upper, double? P50, double? P95, double? P99, double? Allocated);

    [JsonSerializable(typeof(List<JsonRow>))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    private sealed partial class JsonRows : JsonSerializerContext;
}
