using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Aot.Mcp;

/// <summary>A client and a server of the SDK in this process: each is recorded, in each of the ways there are, and replayed.</summary>
internal static class ConversationCalls
{
    public static async Task MakeAsync()
    {
        var store = new InMemorySessionStore();
        await using var recorder = new SessionRecorder(store, new SessionRecordingOptions { Tags = ["recorder"] });
        var ways = new (string Tag, Func<IClientTransport, IClientTransport> Client, Func<ITransport, ITransport> Server)[]
        {
            ("client", transport => transport.WithRecording(store, static options => options.Tags = ["client"]), static transport => transport),
            ("recorder", transport => transport.WithRecording(recorder), static transport => transport),
            ("server", static transport => transport, transport => transport.WithRecording(store, static options => options.Tags = ["server"])),
            ("recorder", static transport => transport, transport => transport.WithRecording(recorder)),
        };
        foreach (var (tag, client, server) in ways)
        {
            await using (var live = new LiveServer(server))
            {
                Check.Equal("Hello, Ada", await GreetAsync(client(live.Transport)));
            }

            var id = await RecordedAsync(store, tag);
            await ReplayAsync(store, id);
            await store.DeleteSessionAsync(id);
        }

        await HostedServer.RunAsync();
    }

    /// <summary>Calls the tool of a server.</summary>
    public static async Task<string> GreetAsync(IClientTransport transport)
    {
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ClientInfo = new Implementation { Name = "aot", Version = "1" } });
        Check.Equal("greet", (await client.ListToolsAsync()).Single().Name);
        var answer = await client.CallToolAsync("greet", new Dictionary<string, object?> { ["name"] = "Ada" });
        return ((TextContentBlock)answer.Content.Single()).Text;
    }

    /// <summary>The session with a tag, once it is there and closed.</summary>
    public static async Task<SessionId> RecordedAsync(ISessionStore store, string tag)
    {
        Session? found = null;
        await Poll.UntilAsync(
            async () => (found = (await store.ListSessionPageAsync(new SessionFilter { Tags = [tag] })).Sessions.SingleOrDefault()) is { IsClosed: true }, $"the session of '{tag}' is recorded");
        return found!.Id;
    }

    /// <summary>Another client talks to the recorded server, and another server to the recorded client.</summary>
    private static async Task ReplayAsync(ISessionStore store, SessionId id)
    {
        var recorded = new RecordedServerTransport(store, id) { FromSequence = 0 };
        Check.Equal($"replay of {id}", recorded.Name);
        Check.Equal("Hello, Ada", await GreetAsync(recorded));
        await using var live = new LiveServer(static transport => transport);
        await using var connection = await live.Transport.ConnectAsync();
        var report = await store.ReplayClientAsync(id, connection, new SessionReplayOptions { FromSequence = 0, AnswerTimeout = TimeSpan.FromSeconds(30) });
        Check.That(report.Requests > 0 && report.SameAnswers == report.Requests);
        Check.Equal(0, report.Differences.Count);
        var different = new ReplayReport(requests: 2, sameAnswers: 1, [new ReplayDifference(ReplayDifferenceKind.Answer, "ping", sequence: 3, "result.x", "1", "2")]);
        Check.That(different.Differences is [{ Kind: ReplayDifferenceKind.Answer, Method: "ping", Sequence: 3, Path: "result.x", Recorded: "1", Actual: "2" }]);
    }
}
