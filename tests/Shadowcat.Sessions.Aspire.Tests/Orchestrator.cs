using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace Shadowcat.Sessions.Aspire.Tests;

/// <summary>The program <c>dcp</c>, by which an AppHost starts its resources. It comes in a package for the platform of the machine.</summary>
internal static class Orchestrator
{
    /// <summary>Where the build found it, as Aspire itself reads it from the AppHost.</summary>
    private static readonly string Path = typeof(Projects.AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static entry => entry.Key == "dcpclipath").Value!;

    /// <summary>Skips the calling test, with the reason, where the program is missing or does not run.</summary>
    public static async Task SkipWhereItDoesNotRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Path, "version") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            Assert.SkipUnless(process.ExitCode == 0, $"dcp, the orchestrator of Aspire, ended with {process.ExitCode}: {string.Concat(output).Trim()}");
        }
        catch (Win32Exception exception)
        {
            Assert.Skip($"dcp, the orchestrator of Aspire, does not run here: {exception.Message}");
        }
    }
}
