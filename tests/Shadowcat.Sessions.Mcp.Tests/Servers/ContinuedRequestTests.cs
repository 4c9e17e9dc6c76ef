using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>A request that names what an earlier result handed out goes on with the session of that, whatever else it says and wherever it arrives.</summary>
public sealed class ContinuedRequestTests
{
    private const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""";

    [Fact]
    public async Task Retry_OfAnotherTrace_IsOneSession()
    {
        var store = new InMemorySessionStore();
        await using var server = await StartAsync(store);
        using var client = new HttpClient();

        var state = await AskAsync(client, server, WithTrace("0af7651916cd43dd8448eb211c80319c"));
        await RetryAsync(client, server, WithTrace("1af7651916cd43dd8448eb211c80319c"), state);

        Assert.Equal(4, Assert.Single(await SessionsAsync(server)).FrameCount);
    }

    [Fact]
    public async Task Retry_AtAnotherReplica_IsOneSession()
    {
        var store = new InMemorySessionStore();
        await using var a = await StartAsync(store);
        await using var b = await StartAsync(store);
        using var client = new HttpClient();

        var state = await AskAsync(client, a, Meta);
        await RetryAsync(client, b, Meta, state);
        await SessionsAsync(a);

        var session = Assert.Single(await SessionsAsync(b));
        Assert.Equal((4, SessionState.Active, SessionBoundary.Exchange), (session.FrameCount, session.State, session.Boundary));
    }

    [Fact]
    public async Task Retry_AfterARestart_IsOneSession()
    {
        var store = new InMemorySessionStore();
        using var client = new HttpClient();
        string state;
        await using (var before = await StartAsync(store))
        {
            state = await AskAsync(client, before, Meta);
        }

        await using var after = await StartAsync(store);
        await RetryAsync(client, after, Meta, state);

        Assert.Equal(4, Assert.Single(await SessionsAsync(after)).FrameCount);
    }

    [Fact]
    public async Task Retry_OfSomebodyElse_IsAnotherSession()
    {
        var store = new InMemorySessionStore();
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, store, services: services => services.AddMcpServer().WithTools<AskTools>(), use: Authentication.ByHeader);
        using var alice = new HttpClient();
        using var bob = new HttpClient();
        foreach (var (client, name) in new[] { (alice, "alice"), (bob, "bob") })
        {
            var (header, value) = Authentication.Header(name).Single();
            client.DefaultRequestHeaders.Add(header, value);
        }

        var state = await AskAsync(alice, server, Meta);
        await RetryAsync(bob, server, Meta, state);

        Assert.Equal([("alice", 2L), ("bob", 2L)], (await SessionsAsync(server)).Select(session => (session.Owner!.Value, session.FrameCount)).Order());
    }

    private static Task<RecordedServer> StartAsync(ISessionStore store) => RecordedServer.StartAsync(
        HttpServerSessionMode.Stateless, store, options => options.UsesClientAddresses = false, services => services.AddMcpServer().WithTools<AskTools>());

    private static async Task<string> AskAsync(HttpClient client, RecordedServer server, string meta)
    {
        var answer = await RawRequests.CallAsync(
            client, server.Endpoint, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","_meta":{{{meta}}}}}""");
        return (string)answer["result"]!["requestState"]!;
    }

    private static Task<JsonNode> RetryAsync(HttpClient client, RecordedServer server, string meta, string state) => RawRequests.CallAsync(
        client, server.Endpoint, $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ask","requestState":"{{{state}}}","_meta":{{{meta}}}}}""");

    private static string WithTrace(string trace) => $$"""{"traceparent":"00-{{trace}}-00f067aa0ba902b7-01",{{Meta[1..]}}""";

    /// <summary>The sessions but for the notes of what leads to them.</summary>
    private static async Task<List<Session>> SessionsAsync(RecordedServer server) =>
        (await server.GetSessionsAsync()).FindAll(session => !session.Tags.Contains(new SessionTag("mcp.continuation")));
}
