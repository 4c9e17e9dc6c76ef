using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The older HTTP+SSE, on which a client listens at one address and speaks at another: recorded both ways, or refused.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse"/>
public sealed class OldSseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_OfTheOlderTransport_AreASessionEachWithBothDirections()
    {
        var streams = new ConcurrentDictionary<string, Channel<string>>();
        await using HttpUpstream server = await HttpUpstream.StartAsync(context => ServeAsync(streams, context));
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(server.Endpoint);

        await using (McpClient a = await ConnectAsync(recorder.Endpoint, "a"))
        await using (McpClient b = await ConnectAsync(recorder.Endpoint, "b"))
        {
            await Task.WhenAll(EchoAsync(a, "of a"), EchoAsync(b, "of b"));
        }

        await Poll.UntilAsync(
            async () => await recorder.Store.ListSessionsAsync(cancellationToken: Ct).AllAsync(session => session.State == SessionState.Closed, Ct), "both streams have ended");
        List<Session> sessions = await recorder.StopAsync();
        Assert.Equal(["a", "b"], sessions.Select(session => session.ClientInfo?.Name).Order());

        foreach (Session session in sessions)
        {
            Assert.Equal((TransportType.Sse, SessionBoundary.Handshake), (session.TransportType, session.Boundary));
            Assert.Equal((SessionState.Closed, SessionStatus.Completed, "the client ended the stream"), (session.State, session.Status, session.CloseReason));
            Assert.NotNull(session.VersionState?.Negotiated);
            List<MessageEnvelope> frames = await recorder.Store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct);
            Assert.Equal(
                ["initialize", "notifications/initialized", "tools/call"],
                frames.Where(frame => frame.Direction == MessageDirection.ClientToServer).Select(frame => frame.Method));
            MessageEnvelope call = frames.Single(frame => frame.Method == "tools/call");
            MessageEnvelope answer = frames.Single(frame => frame.Kind == MessageKind.Response && frame.RequestId == call.RequestId);
            Assert.Equal(call.ExchangeId, answer.ExchangeId);
            Assert.Contains($"of {session.ClientInfo?.Name}", System.Text.Encoding.UTF8.GetString(answer.Payload.Span), StringComparison.Ordinal);
            MessageEnvelope end = Assert.Single(frames, frame => frame.Metadata.ContainsKey("exchange.end"));
            Assert.Equal("closed", end.Metadata["exchange.end"]);
        }

        Assert.Equal("", recorder.Notices);
    }

    [Fact]
    public async Task Server_ThatLetsItsClientsSendPastTheRecorder_IsRefusedWithAWord()
    {
        await using RawUpstream server = RawUpstream.Start(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: endpoint\ndata: http://127.0.0.1:9/messages?s=1\n\nevent: message\ndata: {}\n\n");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(server.Endpoint);
        using var client = new HttpClient();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(recorder.Endpoint, Ct));

        Assert.Contains("older HTTP+SSE", recorder.Notices, StringComparison.Ordinal);
        await recorder.StopAsync();
    }

    /// <summary>Holds a stream for each client, names it a place to send to, and answers there what is asked.</summary>
    private static async Task ServeAsync(ConcurrentDictionary<string, Channel<string>> streams, HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            string id = Guid.NewGuid().ToString("N");
            Channel<string> stream = streams[id] = Channel.CreateUnbounded<string>();
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"event: endpoint\ndata: messages?id={id}\n\n");
            await context.Response.Body.FlushAsync();

            await foreach (string message in stream.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"event: message\ndata: {message}\n\n");
                await context.Response.Body.FlushAsync();
            }

            return;
        }

        JsonNode asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await context.Response.WriteAsync("Accepted");

        if (asked["id"] is { } askedId)
        {
            string result = (string)asked["method"]! == "initialize"
                ? """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}"""
                : $$"""{"content":[{"type":"text","text":{{asked["params"]!["arguments"]!["text"]!.ToJsonString()}}}]}""";
            streams[context.Request.Query["id"]!].Writer.TryWrite($$"""{"jsonrpc":"2.0","id":{{askedId.ToJsonString()}},"result":{{result}}}""");
        }
    }

    private static Task<McpClient> ConnectAsync(Uri endpoint, string name) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = endpoint, TransportMode = HttpTransportMode.Sse }),
        new McpClientOptions { ProtocolVersion = "2025-11-25", ClientInfo = new Implementation { Name = name, Version = "1" } },
        cancellationToken: Ct);

    private static Task<CallToolResult> EchoAsync(McpClient client, string text) =>
        client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = text }, cancellationToken: Ct).AsTask();
}
