using System.Diagnostics;

namespace Shadowcat.Sessions.Mcp.Tests.Npm;

/// <summary>MCP programs that nobody here wrote, where npm has installed them.</summary>
internal static class NpmPackages
{
    private const string Folder = "SHADOWCAT_TEST_NPM";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>The folder with the installed packages; skips the test where there is none.</summary>
    public static string FolderOrSkip()
    {
        var npm = Environment.GetEnvironmentVariable(Folder);
        Assert.SkipWhen(
            string.IsNullOrEmpty(npm),
            $"needs {Folder}: a folder where npm installed @modelcontextprotocol/sdk, @modelcontextprotocol/client and @modelcontextprotocol/inspector");
        return npm;
    }

    /// <summary>Runs a program, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string npm, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment[Folder] = npm;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"node exited with {process.ExitCode}: {output} {await errors}");
        return output;
    }
}
