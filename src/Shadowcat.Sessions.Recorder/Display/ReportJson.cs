using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>A report as JSON. All that is not plain ASCII is escaped, so that a terminal shows it and does nothing else.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(object report) => JsonSerializer.Serialize(report, Options);
}
