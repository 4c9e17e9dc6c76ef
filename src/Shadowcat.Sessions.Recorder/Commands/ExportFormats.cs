using Shadowcat.Sessions.Recorder.Exporting;
using Shadowcat.Sessions.Recorder.Exporting.Har;
using Shadowcat.Sessions.Recorder.Exporting.Otlp;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>The formats of <c>export</c>.</summary>
internal static class ExportFormats
{
    private static readonly IExportFormat Default = new ArchiveExport();

    private static readonly IExportFormat[] All = [Default, new HtmlExport(), new HarExport(), new OtlpExport()];

    /// <summary>Those that the inspector does not have by itself.</summary>
    public static IEnumerable<IExportFormat> BesideInspector => All.Where(format => format is not (ArchiveExport or HtmlExport));

    /// <summary>How <c>--format</c> names them.</summary>
    public static string[] Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>The format that is named; else that of the file's ending; else the archive.</summary>
    public static IExportFormat Choose(string? name, string? file) =>
        name is not null
            ? All.Single(format => format.Name == name)
            : All.FirstOrDefault(format => format.Endings.Any(ending => file?.EndsWith(ending, StringComparison.OrdinalIgnoreCase) == true)) ?? Default;
}
