using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>A recording that does not hold how the client found out about its server, for it did in another process: it answers what it can.</summary>
public sealed class DiscoveryReplayTests
{
    private const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discover_NotInTheRecording_IsAnsweredWithWhatItShows()
    {
        var id = await RecordAsync();
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await server.SendMessageAsync(Recordings.Message("""{"id":"probe","method":"server/discover","params":{}}"""), Ct);

        Assert.Equal(
            """{"id":"probe","result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}}""",
            Recordings.Json(await server.MessageReader.ReadAsync(Ct)));
    }

    [Fact]
    public async Task Client_ThatProbesInOneConnectionAndTalksInAnother_IsAnswered()
    {
        var id = await RecordAsync();
        var transport = new RecordedServerTransport(_store, id);
        await using (var probe = await transport.ConnectAsync(Ct))
        {
            await probe.SendMessageAsync(Recordings.Message("""{"id":0,"method":"server/discover"}"""), Ct);
            Assert.IsType<JsonRpcResponse>(await probe.MessageReader.ReadAsync(Ct));
        }

        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = "2026-07-28" }, cancellationToken: Ct);

        Assert.Equal("s", client.ServerInfo?.Name);
        Assert.Equal("echo", Assert.Single(await client.ListToolsAsync(cancellationToken: Ct)).Name);
    }

    [Fact]
    public async Task Discover_OfARecordingWithAHandshake_IsRefusedSoThatTheClientInitializes()
    {
        var id = await Recordings.WriteAsync(
            _store, """> {"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""", """< {"id":0,"result":{"protocolVersion":"2025-11-25"}}""");
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await server.SendMessageAsync(Recordings.Message("""{"id":1,"method":"server/discover"}"""), Ct);

        Assert.Equal(-32601, Assert.IsType<JsonRpcError>(await server.MessageReader.ReadAsync(Ct)).Error.Code);
    }

    private Task<SessionId> RecordAsync() => Recordings.WriteAsync(
        _store,
        "> {\"id\":1,\"method\":\"tools/list\",\"params\":{" + Meta + "}}",
        """< {"id":1,"result":{"resultType":"complete","tools":[{"name":"echo","inputSchema":{"type":"object"}}],"ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}}""",
        "> {\"id\":2,\"method\":\"prompts/list\",\"params\":{" + Meta + "}}",
        """< {"id":2,"error":{"code":-32601,"message":"no"}}""");
}
