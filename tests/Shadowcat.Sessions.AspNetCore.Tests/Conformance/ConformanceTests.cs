using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Mcp.Tests.Npm;
using Shadowcat.Sessions.Tests.Recorder;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Conformance;

/// <summary>The protocol's own conformance suite passes with all one-liners on, and through the recorder, where it passes without.</summary>
public sealed class ConformanceTests(RedisFixture redis)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="package">The folder below <c>node_modules</c> of the suite.</param>
    [Theory]
    [InlineData("@modelcontextprotocol/conformance")]
    [InlineData("conformance-alpha")]
    public async Task Suite_WithOneLinersAndThroughTheRecorder_PassesWhatItPassesWithout(string package)
    {
        var suite = Path.Combine(NpmPackages.FolderOrSkip(), "node_modules", package, "dist/index.js");
        Assert.SkipUnless(File.Exists(suite), $"needs {package} in the folder of SHADOWCAT_TEST_NPM");
        await using var plain = await ConformanceServer.StartAsync(new InMemorySessionStore());
        await using var recorded = await ConformanceServer.StartAsync(
            new InMemorySessionStore(), server => server.WithSessionMigration().WithSessionEventStore().WithSessionRecording());
        var (recorder, endpoint) = await RecorderProcess.StartBeforeAsync(EndpointOf(plain), "--redis", redis.Configuration);
        await using var process = recorder;

        var runs = await Task.WhenAll(RunAsync(suite, EndpointOf(plain)), RunAsync(suite, EndpointOf(recorded)), RunAsync(suite, endpoint));

        Assert.All(runs, passed => Assert.Contains(passed, check => check.EndsWith(": server-accepts-multiple-post-streams", StringComparison.Ordinal)));
        Assert.Equal([], runs[0].Except(runs[1]).Select(check => $"not with the one-liners: {check}"));
        Assert.Equal([], runs[0].Except(runs[2]).Select(check => $"not through the recorder: {check}"));
        TestContext.Current.SendDiagnosticMessage($"{package}: {runs[0].Count} checks pass, {runs[1].Count} with the one-liners, {runs[2].Count} through the recorder");
    }

    private static Uri EndpointOf(WebApplication application) => new(new Uri(application.Urls.First()), "/mcp");

    /// <summary>Runs the suite, and returns the checks that passed.</summary>
    private static async Task<HashSet<string>> RunAsync(string suite, Uri endpoint)
    {
        var results = Directory.CreateTempSubdirectory("shadowcat-conformance-");
        try
        {
            var start = new ProcessStartInfo("node", ["--import", Path.Combine(AppContext.BaseDirectory, "npm-conformance.mjs"), suite, "server", "--url", $"{endpoint}", "--suite", "all", "-o", results.FullName])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = results.FullName,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(Ct);
            var errors = process.StandardError.ReadToEndAsync(Ct);
            try
            {
                await process.WaitForExitAsync(Ct).WaitAsync(Deadline, Ct);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }

            var passed = new HashSet<string>(StringComparer.Ordinal);
            foreach (var file in results.EnumerateFiles("checks.json", SearchOption.AllDirectories))
            {
                using var checks = JsonDocument.Parse(await File.ReadAllBytesAsync(file.FullName, Ct));
                passed.UnionWith(checks.RootElement.EnumerateArray()
                    .Where(check => check.GetProperty("status").GetString() == "SUCCESS")
                    .Select(check => $"{ScenarioOf(file)}: {check.GetProperty("id").GetString()}"));
            }

            Assert.True(passed.Count > 0, $"no check passed: {await output} {await errors}");
            return passed;
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    /// <summary>A folder of results is called after its scenario and the time.</summary>
    private static string ScenarioOf(FileInfo checks) => checks.Directory!.Name.Split("-20")[0];
}
