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

    /// <summary>What others write into their files to start the program from any folder: its name where the <c>PATH</c> finds it, else where it lies.</summary>
    /// <param name="fullPath">Whether it is where it lies in any case.</param>
    public static IReadOnlyList<string> FromAnywhere(bool fullPath) =>

        // A desktop of macOS starts programs without the PATH of shells.
        !fullPath && !OperatingSystem.IsMacOS() && IsOnPath(Environment.GetEnvironmentVariable("PATH")) ? [Name] : [Command, .. Arguments];

    /// <summary>Whether the first program of this name that a search path finds is this one.</summary>
    private static bool IsOnPath(string? path)
    {
        var file = OperatingSystem.IsWindows() ? $"{Name}.exe" : Name;
        var found = (path ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return found is not null && (File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found) == Process;
    }

    /// <summary>Whether <c>dotnet</c> runs the program, which then has no executable of its own.</summary>
    private static bool IsHost => Path.GetFileNameWithoutExtension(Process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the program lies where a package of a tool has it: in <c>tools/framework/platform</c>.</summary>
    private static bool IsInPackage =>
        new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent?.Parent?.Name.Equals("tools", StringComparison.OrdinalIgnoreCase) == true;
}
