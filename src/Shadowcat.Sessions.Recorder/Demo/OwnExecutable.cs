using System.Reflection;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>How to start this very program again, whether it was started as <c>Recorder</c>, by <c>dotnet run</c> or as <c>dotnet Recorder.dll</c>.</summary>
internal static class OwnExecutable
{
    private static readonly string Process = Environment.ProcessPath ?? throw new PlatformNotSupportedException("This process has no path.");

    /// <summary>The program to start.</summary>
    public static string Command => Process;

    /// <summary>What comes before the program's own arguments.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
        Path.GetFileNameWithoutExtension(Process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [Assembly.GetExecutingAssembly().Location]
            : [];
}
