using System.Net;
using System.Net.Sockets;
using System.Text;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>Every end of an exchange is recorded, also one that no message makes.</summary>
public sealed class HttpExchangeEndTests
{
    private const string Event = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n";
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; Charset=UTF-8\r\nConnection: close\r\n\r\n";
    private const string Slow = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(202, "")]
    [InlineData(401, "WWW-Authenticate: Bearer resource_metadata=\"http://127.0.0.1/x\"\r\n")]
    [InlineData(405, "")]
    [InlineData(429, "retry-after: 5\r\n")]
    [InlineData(400, "Mcp-Param-Region: eu\r\n")]
    public async Task Answer_StatusWithoutMessage_IsRecordedWithStatusAndHeaders(int status, string header)
    {
        await using RawUpstream upstream = RawUpstream.Start($"HTTP/1.1 {status} X\r\n{header}Content-Length: 0\r\n\r\n");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        await RawClient.SendAsync(recorder.Endpoint, "/mcp", headers: "MCP-Protocol-Version: 2026-07-28\r\nmcp-method: tools/call\r\nMcp-Name: foo\r\nMCP-PARAM-region: eu\r\nMcp-Session-Id: s\r\n");

        List<MessageEnvelope> frames = await recorder.StopAndReadAsync();
        Assert.Equal(2, frames.Count);
        Assert.Equal(
            ("tools/call", "foo", "eu", "2026-07-28"),
            (Header(frames[0], "mcp-method"), Header(frames[0], "mcp-name"), Header(frames[0], "mcp-param-region"), Header(frames[0], "mcp-protocol-version")));
        Assert.Null(Header(frames[0], "mcp-session-id"));
        Assert.Equal((MessageDirection.ServerToClient, 0, frames[0].ExchangeId), (frames[1].Direction, frames[1].Payload.Length, frames[1].ExchangeId));
        AssertEnd(frames[1], ExchangeEnd.Answered, ExchangeEnd.Server, $"{status}");
        Assert.All(header.Split("\r\n", StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal(line.Split(": ")[1], Header(frames[1], line.Split(": ")[0].ToLowerInvariant())));
    }

    [Fact]
    public async Task Get_RefusedWithoutBody_IsRecordedThoughItHasNoRequestFrame()
    {
        await using RawUpstream upstream = RawUpstream.Start("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using var client = new HttpClient();

        using HttpResponseMessage response = await client.GetAsync(recorder.Endpoint, Ct);

        MessageEnvelope frame = Assert.Single(await recorder.StopAndReadAsync());
        AssertEnd(frame, ExchangeEnd.Answered, ExchangeEnd.Server, "405");
        Assert.Equal("GET", frame.Metadata["http.method"]);
    }

    [Fact]
    public async Task Answer_BodyThatIsNoMessage_IsRecordedWithItsStatus()
    {
        await using RawUpstream upstream = RawUpstream.Start("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        await RawClient.SendAsync(recorder.Endpoint, "/mcp");

        MessageEnvelope frame = (await recorder.StopAndReadAsync())[1];
        AssertEnd(frame, ExchangeEnd.Answered, ExchangeEnd.Server, "503");
        Assert.Equal(("7", "<p/>"), (Header(frame, "retry-after"), Encoding.UTF8.GetString(frame.Payload.Span)));
    }

    [Fact]
    public async Task Server_NotThere_IsRecordedAsWhatTheRecorderSaid()
    {
        int port = LoopbackPort.NextFree();
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(new Uri($"http://127.0.0.1:{port}/mcp"));

        Assert.StartsWith("HTTP/1.1 502 ", await RawClient.SendAsync(recorder.Endpoint, "/mcp"), StringComparison.Ordinal);

        MessageEnvelope frame = (await recorder.StopAndReadAsync())[1];
        Assert.Equal(MessageDirection.Internal, frame.Direction);
        AssertEnd(frame, ExchangeEnd.Unreachable, ExchangeEnd.Recorder, "502");
    }

    [Theory]
    [InlineData(100, "{\"jsonrpc\"")]
    [InlineData(8, "{\"js")]
    [InlineData(8, "")]
    public async Task Answer_BreaksBehindItsHead_IsACleanBreakAndRecordedAsCut(int length, string body)
    {
        await using RawUpstream upstream = RawUpstream.Start($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: leak\r\nContent-Length: {length}\r\n\r\n{body}");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using var client = new HttpClient();

        if (body.Length > 0)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync(recorder.Endpoint, new StringContent(RawClient.List), Ct));
        }
        else
        {
            using HttpResponseMessage response = await client.PostAsync(recorder.Endpoint, new StringContent(RawClient.List), Ct);
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.False(response.Headers.Contains("Mcp-Session-Id"));
            Assert.Contains("does not answer", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        MessageEnvelope frame = (await recorder.StopAndReadAsync())[1];
        AssertEnd(frame, ExchangeEnd.Broken, ExchangeEnd.Server, body.Length > 0 ? "200" : "502");
        Assert.Equal(
            (MessageDirection.Internal, body, body.Length > 0 ? MessageFlags.Truncated : MessageFlags.None),
            (frame.Direction, Encoding.UTF8.GetString(frame.Payload.Span), frame.Flags));
    }

    [Fact]
    public async Task Stream_TypeInAnotherCase_FlowsAtOnceAndItsEventsAreFrames()
    {
        await using RawUpstream upstream = Streaming(Event);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using TcpClient client = await PostAsync(recorder.Endpoint, Slow);

        await ReadUntilAsync(client, "notifications/message");

        MessageEnvelope frame = await recorder.FrameAsync(frame => frame.Direction == MessageDirection.ServerToClient);
        Assert.Equal("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}", Encoding.UTF8.GetString(frame.Payload.Span));
    }

    [Theory]
    [InlineData(Slow, ExchangeEnd.Cancelled)]
    [InlineData(RawClient.List, ExchangeEnd.Closed)]
    public async Task Client_ClosesTheStream_IsRecordedWhenItDoes(string request, string how)
    {
        await using RawUpstream upstream = Streaming(Event + "data: {\"jsonrpc\"");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        TcpClient client = await PostAsync(recorder.Endpoint, request);
        await ReadUntilAsync(client, "notifications/message");

        client.Dispose();

        MessageEnvelope frame = await recorder.FrameAsync(frame => frame.Direction == MessageDirection.Internal);
        AssertEnd(frame, how, ExchangeEnd.Client, "200");
        Assert.Equal((await recorder.StopAndReadAsync())[0].ExchangeId, frame.ExchangeId);
    }

    [Fact]
    public async Task Client_LeavesBeforeThereIsAnAnswer_IsRecorded()
    {
        await using RawUpstream upstream = RawUpstream.Start((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        TcpClient client = await PostAsync(recorder.Endpoint, Slow);
        await recorder.FrameAsync(frame => frame.Kind == MessageKind.Request);

        client.Dispose();

        MessageEnvelope frame = await recorder.FrameAsync(frame => frame.Direction == MessageDirection.Internal);
        AssertEnd(frame, ExchangeEnd.Cancelled, ExchangeEnd.Client, status: null);
    }

    [Fact]
    public async Task Client_LeavesWithinItsRequest_IsRecordedWithWhatCame()
    {
        await using RawUpstream upstream = RawUpstream.Start("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync("127.0.0.1", recorder.Endpoint.Port, Ct);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n{\"jsonrpc\""), Ct);

            // More than is read ahead: so some of it is taken before the end is seen.
            await socket.GetStream().WriteAsync(new byte[4 << 20], Ct);
        }

        MessageEnvelope frame = await recorder.FrameAsync(frame => frame.Direction == MessageDirection.Internal);
        Assert.Equal(ExchangeEnd.Client, frame.Metadata[ExchangeEnd.ByKey]);
        Assert.StartsWith("{\"jsonrpc\"", Encoding.UTF8.GetString(frame.Payload.Span[..20]), StringComparison.Ordinal);
        Assert.Equal(MessageFlags.Truncated, frame.Flags);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")]
    [InlineData("id: 7\ndata: {\"jsonrpc\":\ndata: \"2", "{\"jsonrpc\":\n\"2")]
    [InlineData("da", "da")]
    public async Task Stream_EndsWithinAnEvent_IsRecordedWithWhatCame(string cut, string payload)
    {
        await using RawUpstream upstream = RawUpstream.Start(Head + "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/a\"}\n\n" + cut);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        await RawClient.SendAsync(recorder.Endpoint, "/mcp");

        List<MessageEnvelope> frames = await recorder.StopAndReadAsync();
        Assert.Equal(["tools/list", "notifications/a"], frames.SkipLast(1).Select(frame => frame.Method));
        AssertEnd(frames[^1], ExchangeEnd.Broken, ExchangeEnd.Server, "200");
        Assert.Equal((MessageDirection.Internal, payload, MessageFlags.Truncated), (frames[^1].Direction, Encoding.UTF8.GetString(frames[^1].Payload.Span), frames[^1].Flags));
    }

    [Fact]
    public async Task Stream_EndsWithoutTheAnswer_IsRecorded()
    {
        await using RawUpstream upstream = RawUpstream.Start(Head + Event);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        await RawClient.SendAsync(recorder.Endpoint, "/mcp");

        AssertEnd((await recorder.StopAndReadAsync())[^1], ExchangeEnd.Unanswered, ExchangeEnd.Server, "200");
    }

    [Fact]
    public async Task Recorder_StopsWithAStreamOpen_RecordsThatItDid()
    {
        await using RawUpstream upstream = Streaming(Event);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using TcpClient client = await PostAsync(recorder.Endpoint, Slow);
        await ReadUntilAsync(client, "notifications/message");

        List<MessageEnvelope> frames = await recorder.StopAndReadAsync();

        AssertEnd(frames[^1], ExchangeEnd.Stopped, ExchangeEnd.Recorder, "200");
    }

    [Theory]
    [InlineData("204 No Content", "")]
    [InlineData("204 No Content", "Content-Length: 0\r\n")]
    [InlineData("304 Not Modified", "ETag: \"a\"\r\n")]
    [InlineData("304 Not Modified", "Content-Length: 12\r\n")]
    public async Task Answer_WithoutABody_LeavesTheConnectionAsItWas(string status, string headers)
    {
        await using RawUpstream upstream = RawUpstream.Start($"HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using TcpClient client = await PostAsync(recorder.Endpoint, RawClient.List);

        for (int i = 0; i < 3; i++)
        {
            string answer = await ReadUntilAsync(client, "\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("Transfer-Encoding", answer, StringComparison.Ordinal);
            await PostAsync(client, recorder.Endpoint, RawClient.List);
        }
    }

    private static RawUpstream Streaming(string events) => RawUpstream.Start(async (_, stream, stop) =>
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + events), stop);
        await Task.Delay(Timeout.Infinite, stop);
    });

    private static async Task<TcpClient> PostAsync(Uri endpoint, string body)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", endpoint.Port, Ct);
        await PostAsync(client, endpoint, body);
        return client;
    }

    private static async Task PostAsync(TcpClient client, Uri endpoint, string body) => await client.GetStream().WriteAsync(
        Encoding.UTF8.GetBytes($"POST {endpoint.PathAndQuery} HTTP/1.1\r\nHost: {endpoint.Authority}\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Ct);

    private static async Task<string> ReadUntilAsync(TcpClient client, string text)
    {
        var read = new StringBuilder();
        byte[] buffer = new byte[4096];

        while (!read.ToString().Contains(text, StringComparison.Ordinal) && await client.GetStream().ReadAsync(buffer, Ct) is > 0 and int length)
        {
            read.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        return read.ToString();
    }

    private static string? Header(MessageEnvelope frame, string name) => frame.Metadata.GetValueOrDefault($"http.header.{name}");

    private static void AssertEnd(MessageEnvelope frame, string how, string by, string? status) => Assert.Equal(
        (how, by, status), (frame.Metadata[ExchangeEnd.Key], frame.Metadata[ExchangeEnd.ByKey], frame.Metadata.GetValueOrDefault("http.status")));
}
