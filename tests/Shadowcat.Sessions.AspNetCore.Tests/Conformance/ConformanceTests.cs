using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
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
    /// <param name="mode">Whether the server has sessions, which decides which one-liners there are.</param>
    [Theory]
    [InlineData("@modelcontextprotocol/conformance", HttpServerSessionMode.StatefulForInitializeClients)]
    [InlineData("@modelcontextprotocol/conformance", HttpServerSessionMode.Stateless)]
    [InlineData("conformance-alpha", HttpServerSessionMode.StatefulForInitializeClients)]
    [InlineData("conformance-alpha", HttpServerSessionMode.Stateless)]
    public async Task Suite_WithOneLinersAndThroughTheRecorder_PassesWhatItPassesWithout(string package, HttpServerSessionMode mode)
    {
        var suite = Path.Combine(NpmPackages.FolderOrSkip(), "node_modules", package, "dist/index.js");
        Assert.SkipUnless(File.Exists(suite), $"needs {package} in the folder of SHADOWCAT_TEST_NPM");
        await using var plain = await ConformanceServer.StartAsync(new InMemorySessionStore(), mode);
        await using var recorded = await ConformanceServer.StartAsync(
            new InMemorySessionStore(),
            mode,
            server => _ = mode == HttpServerSessionMode.Stateless
                ? server.WithSessionRecording().WithConversationIds()
                : server.WithSessionMigration().WithSessionEventStore().WithSessionRecording().WithConversationIds());
        var (recorder, endpoint) = await RecorderProcess.StartBeforeAsync(EndpointOf(plain), "--redis", redis.Configuration);
        await using var process = recorder;

        var runs = await Task.WhenAll(RunAsync(suite, EndpointOf(plain)), RunAsync(suite, EndpointOf(recorded)), RunAsync(suite, endpoint));

        Assert.NotEmpty(runs[0]);
        Assert.Equal([], (await MissingAsync(runs[0], runs[1], suite, EndpointOf(recorded))).Select(check => $"not with the one-liners: {check}"));
        Assert.Equal([], (await MissingAsync(runs[0], runs[2], suite, endpoint)).Select(check => $"not through the recorder: {check}"));
        TestContext.Current.SendDiagnosticMessage($"{package}, {mode}: {runs[0].Count} checks pass, {runs[1].Count} with the one-liners, {runs[2].Count} through the recorder");
    }

    private static Uri EndpointOf(WebApplication application) => new(new Uri(application.Urls.First()), "/mcp");

    /// <summary>The checks that pass without, and with it not even when nothing else runs: some look at the clock.</summary>
    private static async Task<List<string>> MissingAsync(HashSet<string> without, HashSet<string> with, string suite, Uri endpoint) =>
        without.IsSubsetOf(with) ? [] : [.. without.Except(with).Except(await RunAsync(suite, endpoint)).Order(StringComparer.Ordinal)];

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
