using System.Diagnostics;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Mcp.Tests.Documents;

/// <summary>A program of <c>samples</c> that a page shows as a whole, run as whoever pasted it runs it: a process of its own, in an empty folder.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    /// <summary>Where a project of this build has its output, below its own folder: <c>bin/Debug/net10.0</c>, say.</summary>
    private static readonly string Output = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Shadowcat.Sessions.Mcp.Tests"), AppContext.BaseDirectory);

    private SampleProcess(Process process, DirectoryInfo folder) => (Process, Folder) = (process, folder);

    public Process Process { get; }

    /// <summary>Where it runs, and where it puts its files.</summary>
    public DirectoryInfo Folder { get; }

    /// <summary>The command that starts one.</summary>
    public static (string Program, string Assembly) Command(string sample) =>
        (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(Repository.Root, "samples", sample, Output, sample + ".dll"));

    public static SampleProcess Start(string sample, params string[] arguments)
    {
        var (program, assembly) = Command(sample);
        var folder = Directory.CreateTempSubdirectory("shadowcat-sample-");
        var start = new ProcessStartInfo(program, [assembly, .. arguments]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, UseShellExecute = false };
        return new SampleProcess(Process.Start(start)!, folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
        }

        await Process.WaitForExitAsync();
        Process.Dispose();
        Folder.Delete(recursive: true);
    }
}
