using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp.Tests.Transports;

/// <summary>Requests on a connection that ends before they are answered end with it, and the recording says how.</summary>
public sealed class UnansweredRequestTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-07-28", false, ExchangeEnd.Cancelled, ExchangeEnd.Client)]
    [InlineData("2025-11-25", false, ExchangeEnd.Closed, ExchangeEnd.Client)]
    [InlineData("2026-07-28", true, ExchangeEnd.Broken, ExchangeEnd.Server)]
    public async Task Connection_Ends_EndsWhatIsNotAnswered(string version, bool isByServer, string how, string by)
    {
        var inner = new ScriptedTransport();
        await using (var transport = await ((IClientTransport)inner).WithRecording(_store).ConnectAsync(Ct))
        {
            await transport.SendMessageAsync(Request(1, version), Ct);
            await transport.SendMessageAsync(Request(2, version), Ct);
            inner.Say(new JsonRpcResponse { Id = new SdkRequestId(1), Result = new JsonObject() });
            await transport.MessageReader.ReadAsync(Ct);
            if (isByServer)
            {
                inner.Close();
                Assert.False(await transport.MessageReader.WaitToReadAsync(Ct));
            }
        }

        var session = await _store.ListSessionsAsync(cancellationToken: Ct).SingleAsync(Ct);
        var frames = await _store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(["tools/call", "tools/call", null, "recording/cancelled"], frames.Select(frame => frame.Method));
        Assert.Equal((MessageDirection.Internal, how, by), (frames[3].Direction, frames[3].Metadata[ExchangeEnd.Key], frames[3].Metadata[ExchangeEnd.ByKey]));
        Assert.Contains("\"2\"", Encoding.UTF8.GetString(frames[3].Payload.Span), StringComparison.Ordinal);
    }

    private static JsonRpcRequest Request(int id, string version) => new()
    {
        Id = new SdkRequestId(id),
        Method = "tools/call",
        Params = new JsonObject { ["_meta"] = new JsonObject { ["io.modelcontextprotocol/protocolVersion"] = version } },
    };
}
