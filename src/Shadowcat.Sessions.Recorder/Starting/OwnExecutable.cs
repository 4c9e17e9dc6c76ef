using System.Reflection;

namespace Shadowcat.Sessions.Recorder.Starting;

/// <summary>How to start this very program again, whether it was started as the tool <c>shadowcat</c>, by <c>dnx</c>, by <c>dotnet run</c> or as <c>dotnet shadowcat.dll</c>.</summary>
internal static class OwnExecutable
{
    /// <summary>The name of the command, whichever way the program is installed.</summary>
    public const string Name = "shadowcat";

    /// <summary>The name of the package.</summary>
    public const string Package = "Shadowcat.Sessions.Recorder";

    private const string Project = $"src/{Package}";

    private static readonly string Process = Environment.ProcessPath ?? throw new PlatformNotSupportedException("This process has no path.");

    /// <summary>The program to start.</summary>
    public static string Command => Process;

    /// <summary>What comes before the program's own arguments.</summary>
    public static IReadOnlyList<string> Arguments { get; } = IsHost ? [Assembly.GetExecutingAssembly().Location] : [];

    /// <summary>What a user types to start the program, before its arguments.</summary>
    public static string InWords => (IsInPackage, IsHost) switch
    {
        (true, true) => $"dnx {Package}",
        (true, false) => Name,
        _ => $"dotnet run --project {Project} --",
    };

    /// <summary>Whether <c>dotnet</c> runs the program, which then has no executable of its own.</summary>
    private static bool IsHost => Path.GetFileNameWithoutExtension(Process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the program lies where a package of a tool has it: in <c>tools/framework/platform</c>.</summary>
    private static bool IsInPackage =>
        new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent?.Parent?.Name.Equals("tools", StringComparison.OrdinalIgnoreCase) == true;
}
