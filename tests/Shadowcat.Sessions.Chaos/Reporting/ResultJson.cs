using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.Chaos.Reporting;

/// <summary>The results as an array of <see cref="ScenarioResult"/>.</summary>
internal static partial class ResultJson
{
    public static async Task WriteAsync(FileInfo file, List<ScenarioResult> results, CancellationToken cancellationToken)
    {
        file.Directory?.Create();
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, results, JsonResults.Default.ListScenarioResult, cancellationToken);
    }

    public static async Task<List<ScenarioResult>> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenRead();
        return (await JsonSerializer.DeserializeAsync(stream, JsonResults.Default.ListScenarioResult, cancellationToken))!;
    }

    [JsonSerializable(typeof(List<ScenarioResult>))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
    private sealed partial class JsonResults : JsonSerializerContext;
}
