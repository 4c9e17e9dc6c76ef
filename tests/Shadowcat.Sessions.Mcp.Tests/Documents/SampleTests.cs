using ModelContextProtocol.Client;
using Shadowcat.Sessions.Sqlite;

namespace Shadowcat.Sessions.Mcp.Tests.Documents;

/// <summary>The programs of docs/getting-started.md, each run as a whole.</summary>
public sealed class SampleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task QuickStart_Run_PrintsTheFrame()
    {
        await using var sample = SampleProcess.Start("QuickStart");

        Assert.Equal("0 ClientToServer tools/list", (await sample.Process.StandardOutput.ReadToEndAsync(Ct)).Trim());
    }

    [Fact]
    public async Task RecordedStdioServer_Called_IsInItsFile()
    {
        var (program, assembly) = SampleProcess.Command("RecordedStdioServer");
        var folder = Directory.CreateTempSubdirectory("shadowcat-sample-");
        try
        {
            var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = program, Arguments = [assembly], WorkingDirectory = folder.FullName });
            await using (var client = await McpClient.CreateAsync(transport, cancellationToken: Ct))
            {
                await client.CallToolAsync("add", new Dictionary<string, object?> { ["first"] = 2, ["second"] = 3 }, cancellationToken: Ct);
            }

            await AssertHasTheCallAsync(Path.Combine(folder.FullName, "sessions.db"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task RecordedHttpServer_Called_IsInItsFileAndHealthy()
    {
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.NextFree()}");
        await using var sample = SampleProcess.Start("RecordedHttpServer", "--urls", address.ToString());
        using var http = new HttpClient();
        await Poll.UntilAsync(async () => await AnswerAsync(http, new Uri(address, "health")) == "Healthy", "the server is up");

        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(address, "mcp") });
        await using (var client = await McpClient.CreateAsync(transport, cancellationToken: Ct))
        {
            await client.CallToolAsync("add", new Dictionary<string, object?> { ["first"] = 2, ["second"] = 3 }, cancellationToken: Ct);
        }

        await AssertHasTheCallAsync(Path.Combine(sample.Folder.FullName, "sessions.db"));
        Assert.Equal("1 sessions are recorded.", await AnswerAsync(http, address));
    }

    private static async Task<string> AnswerAsync(HttpClient http, Uri address)
    {
        try
        {
            return await http.GetStringAsync(address, Ct);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static async Task AssertHasTheCallAsync(string path)
    {
        ISessionStore store = new SqliteSessionStore(path);
        await Poll.UntilAsync(
            async () => await store.ListSessionsAsync(cancellationToken: Ct)
                .SelectMany(session => store.GetFramesAsync(session.Id, cancellationToken: Ct))
                .AnyAsync(static frame => frame is { Method: "tools/call", Direction: MessageDirection.ClientToServer }, Ct),
            "the call is recorded");
    }
}
