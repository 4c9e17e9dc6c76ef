using System.Reflection;

namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>Which version of the tool wrote an export.</summary>
internal static class ToolVersion
{
    /// <summary>The version, without the commit it was built from.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
