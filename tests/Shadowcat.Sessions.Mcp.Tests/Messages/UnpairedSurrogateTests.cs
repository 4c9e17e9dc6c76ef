using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.Tests.Transports;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>Messages with half of a surrogate pair, which JSON can escape and no text can hold: what is lost is noted, and nothing else is.</summary>
public sealed class UnpairedSurrogateTests : SessionRecorderTest
{
    [Theory]
    [InlineData("""{"method":"tools/call","params":{"name":"echo","arguments":{"text":"a\ud800b","list":["\uDC00",1.50,null,"\u00e9"]}},"id":7,"jsonrpc":"2.0"}""")]
    [InlineData("""{"method":"notifications/message","params":{"data":"\ud83d"},"jsonrpc":"2.0"}""")]
    [InlineData("""{"result":{"content":[{"type":"text","text":"\udfff\ud83d\ude00"}]},"id":"x","jsonrpc":"2.0"}""")]
    [InlineData("""{"error":{"code":-32603,"message":"no","data":{"text":"\ud800"}},"id":3,"jsonrpc":"2.0"}""")]
    public void Of_HalfOfAPair_IsEscapedAsItCame(string json)
    {
        var message = JsonSerializer.Deserialize(json, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>())!;

        var written = Encoding.UTF8.GetString(MessageBytes.Of(message));

        Assert.Equal(json, written);
    }

    [Fact]
    public async Task Message_ThatCannotBeWrittenAtAll_IsNotedOnTheNextAndInTheCloseReason()
    {
        var inner = new ScriptedTransport();
        await using var recorder = Recorder();
        await using (var transport = await ((IClientTransport)inner).WithRecording(recorder).ConnectAsync(TestContext.Current.CancellationToken))
        {
            await transport.SendMessageAsync(new JsonRpcNotification { Method = "first" }, TestContext.Current.CancellationToken);
            await transport.SendMessageAsync(new JsonRpcNotification { Method = "odd", Params = OddName }, TestContext.Current.CancellationToken);
            await transport.SendMessageAsync(new JsonRpcNotification { Method = "next" }, TestContext.Current.CancellationToken);
        }

        await recorder.DisposeAsync();

        var session = await Store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        var frames = await FramesAsync(session.Id);
        Assert.Equal(["first", "next"], frames.Select(frame => frame.Method));
        Assert.Equal("1", frames[1].Metadata["recording.dropped"]);
        Assert.EndsWith("; 1 messages were not recorded", session.CloseReason, StringComparison.Ordinal);
        Assert.Equal(1, recorder.DroppedMessages);
    }

    private static JsonNode? OddName => JsonNode.Parse("""{"\ud800":1}""");
}
