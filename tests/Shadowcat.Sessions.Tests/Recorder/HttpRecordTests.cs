using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>record --http</c>: a proxy that changes nothing, and what it writes down.</summary>
public sealed class HttpRecordTests(RedisFixture redis) : IAsyncLifetime
{
    private const string Initialize = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"},"capabilities":{}}}""";
    private const string Initialized = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"s","version":"2"},"capabilities":{}}}""";
    private const string SessionHeader = "Mcp-Session-Id";

    private readonly RecordedStore _record = new(redis.Configuration);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All });
    private readonly List<IAsyncDisposable> _started = [];
    private RecorderProcess? _recorder;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable started in _started)
        {
            await started.DisposeAsync();
        }

        _client.Dispose();
        await _record.DisposeAsync();
    }

    [Fact]
    public async Task Record_AnyRequest_ReachesTheServerAsItWasAndSoDoesItsAnswer()
    {
        string? seen = null;
        Uri endpoint = await StartAsync(async context =>
        {
            HttpRequest request = context.Request;
            using var body = new StreamReader(request.Body);
            seen = $"{request.Method} {request.Path}{request.QueryString} {request.Host} {request.Headers.Authorization} {request.Headers["X-Many"]} {request.ContentType} {await body.ReadToEndAsync()}";
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            context.Response.ContentType = "application/json";
            context.Response.Headers.Append("X-Many", "a");
            context.Response.Headers.Append("X-Many", "b");
            context.Response.Headers.SetCookie = "c=1";
            await context.Response.WriteAsync("{ \"jsonrpc\":\"2.0\" ,\"id\":7,\"error\":{\"code\":-1,\"message\":\"größe\"} }");
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(" {\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"x\"}\r\n") };
        request.Headers.Add("Authorization", "Bearer secret");
        request.Headers.Add("X-Many", ["1", "2"]);

        using HttpResponseMessage response = await _client.SendAsync(request, Ct);

        string answer = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal("{ \"jsonrpc\":\"2.0\" ,\"id\":7,\"error\":{\"code\":-1,\"message\":\"größe\"} }", answer);
        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal(["a", "b"], response.Headers.GetValues("X-Many"));
        Assert.Equal(["c=1"], response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("POST /some/mcp?key=1 127.0.0.1:", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(endpoint.Authority, seen, StringComparison.Ordinal);
        Assert.EndsWith(" Bearer secret 1, 2 text/plain; charset=utf-8  {\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"x\"}\r\n", seen, StringComparison.Ordinal);
        List<MessageEnvelope> frames = await StopAsync();
        Assert.Equal([" {\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"x\"}\r\n", answer], frames.Select(Text));
        Assert.Equal("418", frames[1].Metadata["http.status"]);
        Session session = await _record.GetSessionAsync();
        Assert.Equal((TransportType.StreamableHttp, SessionBoundary.Correlated), (session.TransportType, session.Boundary));
        Assert.DoesNotContain("secret", session.CorrelationKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_EventStream_PassesEachEventAtOnceByteForByte()
    {
        const string First = "id: a\r\nevent: message\r\ndata: {\"jsonrpc\":\"2.0\",\r\ndata: \"method\":\"one\"}\r\n\r\n: still here\n";
        const string Second = "data:{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n";
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Uri endpoint = await StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(First);
            await context.Response.Body.FlushAsync();
            await goOn.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(Second);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}") };
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        await using Stream stream = await response.Content.ReadAsStreamAsync(Ct);
        byte[] first = new byte[Encoding.UTF8.GetByteCount(First)];
        await stream.ReadExactlyAsync(first, Ct);

        // Only now the server sends more: the first event did not wait for it.
        goOn.SetResult();
        using var rest = new StreamReader(stream);

        Assert.Equal(First, Encoding.UTF8.GetString(first));
        Assert.Equal(Second, await rest.ReadToEndAsync(Ct));
        List<MessageEnvelope> frames = await StopAsync();
        Assert.Equal(["{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}", "{\"jsonrpc\":\"2.0\",\n\"method\":\"one\"}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"], frames.Select(Text));
        Assert.Equal(["a"], frames.Select(frame => frame.Metadata.GetValueOrDefault("sse.id")).OfType<string>());
    }

    [Fact]
    public async Task Record_SessionOfTheServer_IsOneSessionFromInitializeToDelete()
    {
        Uri endpoint = await StartAsync(async context =>
        {
            if (context.Request.Headers[SessionHeader].Count == 0)
            {
                context.Response.Headers[SessionHeader] = "secret-1";
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(Initialized);
            }
            else
            {
                context.Response.StatusCode = context.Request.Method == "DELETE" ? 204 : 202;
            }
        });

        using HttpResponseMessage begun = await PostAsync(endpoint, Initialize);
        Assert.Equal("secret-1", Assert.Single(begun.Headers.GetValues(SessionHeader)));
        (await PostAsync(endpoint, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", "secret-1")).Dispose();
        using var delete = new HttpRequestMessage(HttpMethod.Delete, endpoint);
        delete.Headers.Add(SessionHeader, "secret-1");
        using HttpResponseMessage deleted = await _client.SendAsync(delete, Ct);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await Poll.UntilAsync(
            async () => await _record.Store.ListSessionsAsync(new SessionFilter { Tags = [_record.Tag] }).AnyAsync(session => session.State == SessionState.Closed),
            "the session is closed");
        Session session = await _record.GetSessionAsync();
        Assert.Equal((SessionBoundary.Handshake, TransportSessionIds.ToRecordedText("secret-1"), "the client ended the session"), (session.Boundary, session.TransportSessionId, session.CloseReason));
        Assert.Equal(("c", "s", "2025-11-25", "2025-11-25"), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated, session.VersionState?.TransportHeader));
        List<MessageEnvelope> frames = await StopAsync();
        Assert.Equal([Initialize, Initialized, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", "", ""], frames.Select(Text));
        Assert.Equal([("POST", "202"), ("DELETE", "204")], frames.Skip(3).Select(frame => (frame.Metadata["http.method"], frame.Metadata["http.status"])));
    }

    [Fact]
    public async Task Record_ServerThatIsNotThere_SaysSoToTheClient()
    {
        Uri endpoint = await StartAsync(new Uri($"http://127.0.0.1:{LoopbackPort.NextFree()}/mcp"));

        using HttpResponseMessage response = await PostAsync(endpoint, Initialize);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        List<MessageEnvelope> frames = await StopAsync();
        Assert.Equal([Initialize, ""], frames.Select(Text));
        Assert.Equal(("502", "recorder"), (frames[1].Metadata["http.status"], frames[1].Metadata["exchange.ended-by"]));
    }

    [Fact]
    public async Task Record_Headers_AreThoseOfTheClientAndOfTheServer()
    {
        List<string> asked = [];
        Uri endpoint = await StartAsync(async context =>
        {
            asked.AddRange(context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            context.Response.Headers["X-Name"] = "größe";
            await context.Response.WriteAsync("{}");
        });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent([(byte)'x']) };
        request.Headers.Add("X-Name", "größe");

        using HttpResponseMessage response = await client.SendAsync(request, Ct);

        Assert.Equal((HttpStatusCode.OK, "größe"), (response.StatusCode, Assert.Single(response.Headers.GetValues("X-Name"))));
        Assert.Equal(["Content-Length: 1", "X-Name: größe"], asked.Where(header => !header.StartsWith("Host:", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Record_RequestThatIsTooLarge_IsNotSaidToBeTheServersFault()
    {
        Uri endpoint = await StartAsync(_ => Task.CompletedTask);
        using var socket = new TcpClient();
        await socket.ConnectAsync(endpoint.Host, endpoint.Port, Ct);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {endpoint.PathAndQuery} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n"), Ct);
        using var answer = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 413 ", await answer.ReadLineAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_OtherPaths_PassUnrecorded()
    {
        Uri endpoint = await StartAsync(context => context.Response.WriteAsync($"{context.Request.Path}"));

        Assert.Equal("/.well-known/oauth-protected-resource", await _client.GetStringAsync(new Uri(endpoint, "/.well-known/oauth-protected-resource"), Ct));
        using HttpResponseMessage recorded = await PostAsync(endpoint, "x");

        Assert.Equal(["x", "/some/mcp"], (await StopAsync()).Select(Text));
    }

    [Theory]
    [InlineData("--http", "http://127.0.0.1:1/mcp", "--", "cat")]
    [InlineData("--http", "ftp://x/")]
    [InlineData("--http", "/mcp")]
    [InlineData("--http", "http://127.0.0.1:1/mcp", "--listen", "https://127.0.0.1:0")]
    [InlineData]
    public async Task Record_NeitherOrBoth_IsRefused(params string[] arguments)
    {
        RecorderRun run = await HostedRecorder.RunAsync(["record", "--redis", redis.Configuration, .. arguments]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.NotEmpty(run.Errors);
    }

    [Theory]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://localhost:0")]
    public async Task Record_AddressToListenAtIsNone_SaysSo(string listen)
    {
        RecorderRun run = await HostedRecorder.RunAsync("record", "--redis", redis.Configuration, "--http", "http://127.0.0.1:1/mcp", "--listen", listen);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"shadowcat: cannot listen at {listen}/: ", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<HttpResponseMessage> PostAsync(Uri endpoint, string body, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(body) };
        if (session is not null)
        {
            request.Headers.Add(SessionHeader, session);
            request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        }

        return await _client.SendAsync(request, Ct);
    }

    /// <summary>Starts a server and the recorder before it.</summary>
    /// <returns>The endpoint for clients.</returns>
    private async Task<Uri> StartAsync(RequestDelegate answer)
    {
        HttpUpstream upstream = await HttpUpstream.StartAsync(answer);
        _started.Add(upstream);
        return await StartAsync(upstream.Endpoint);
    }

    private async Task<Uri> StartAsync(Uri upstream)
    {
        (_recorder, Uri endpoint) = await RecorderProcess.StartBeforeAsync(upstream, "--redis", redis.Configuration, "--tag", _record.Tag);
        _started.Insert(0, _recorder);
        return endpoint;
    }

    /// <summary>Stops the recorder, and returns what it recorded.</summary>
    private async Task<List<MessageEnvelope>> StopAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the kill of a Unix");
        _recorder!.Terminate();
        RecorderRun run = await _recorder.WaitAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(SessionState.Closed, (await _record.GetSessionAsync()).State);
        return await _record.GetFramesAsync();
    }

    private static string Text(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);
}
