using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Exporting.Har;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The archive that <c>export --format har</c> writes.</summary>
public sealed class HarExportTests
{
    private const string Initialize = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"},"capabilities":{}}}""";
    private const string Initialized = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"s","version":"2"},"capabilities":{}}}""";
    private const string Call = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a"}}""";
    private const string Progress = /*lang=json,strict*/ """{"jsonrpc":"2.0","method":"notifications/progress"}""";
    private const string Result = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":2,"result":{}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_PostAndAnswer_IsAnEntry()
    {
        RecordingToExport recording = await BeginAsync();
        await recording.ClientAsync(0, Call, "1", ("http.header.mcp-method", "tools/call"));
        await recording.ServerAsync(250, Result, "1", ("http.header.mcp-x", "y"));

        JsonElement entry = Assert.Single(await ExportAsync(recording));

        Assert.Equal("2026-03-04T05:06:07.0000000Z", entry.GetProperty("startedDateTime").GetString());
        Assert.Equal((250, 250, 0), (entry.GetProperty("time").GetDouble(), Timing(entry, "wait"), Timing(entry, "receive")));
        Assert.All((string[])["blocked", "dns", "connect", "ssl"], name => Assert.Equal(-1, Timing(entry, name)));
        JsonElement request = entry.GetProperty("request");
        Assert.Equal(("POST", "http://server.invalid/", Call), (request.GetProperty("method").GetString(), request.GetProperty("url").GetString(), request.GetProperty("postData").GetProperty("text").GetString()));
        Assert.Equal(Call.Length, request.GetProperty("bodySize").GetInt64());
        Assert.Equal(["mcp-method: tools/call"], Headers(request));
        JsonElement response = entry.GetProperty("response");
        Assert.Equal((200, "OK"), (response.GetProperty("status").GetInt32(), response.GetProperty("statusText").GetString()));
        Assert.Equal(("application/json", Result, Result.Length), Content(entry));
        Assert.Equal(["mcp-x: y"], Headers(response));
        Assert.StartsWith("tools/call 2", entry.GetProperty("comment").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_EventStream_IsPutTogetherFromItsMessages()
    {
        RecordingToExport recording = await BeginAsync();
        await recording.ClientAsync(0, Call, "1");
        await recording.ServerAsync(100, Progress, "1", ("sse.id", "a"), ("sse.event", "odd"));
        await recording.ClientAsync(150, Progress, "2");
        await recording.ServerAsync(151, "", "2", ("exchange.end", "answered"), ("exchange.ended-by", "server"), ("http.method", "POST"), ("http.status", "202"));
        await recording.ServerAsync(300, "{\"jsonrpc\":\"2.0\",\n\"id\":2,\"result\":{}}", "1");

        List<JsonElement> entries = await ExportAsync(recording);

        string text = $"id: a\nevent: odd\ndata: {Progress}\n\ndata: {{\"jsonrpc\":\"2.0\",\ndata: \"id\":2,\"result\":{{}}}}\n\n";
        Assert.Equal(("text/event-stream", text, text.Length), Content(entries[0]));
        Assert.Equal((100, 200), (Timing(entries[0], "wait"), Timing(entries[0], "receive")));
        Assert.Equal((2, 202), (entries.Count, entries[1].GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Equal(("x-unknown", null, 0), Content(entries[1]));
    }

    [Fact]
    public async Task Export_AnswerOfTheClient_IsARequestWithItsReceipt()
    {
        RecordingToExport recording = await BeginAsync();
        await recording.ClientAsync(0, Call, "1");
        await recording.ServerAsync(1, """{"jsonrpc":"2.0","id":9,"method":"roots/list"}""", "1");
        await recording.ClientAsync(2, """{"jsonrpc":"2.0","id":9,"result":{}}""", "1");
        await recording.ServerAsync(3, "", "2", ("exchange.end", "answered"), ("http.method", "POST"), ("http.status", "202"));
        await recording.ServerAsync(4, Result, "1");

        List<JsonElement> entries = await ExportAsync(recording);

        Assert.Equal([("POST", 200), ("POST", 202)], entries.Select(entry => (entry.GetProperty("request").GetProperty("method").GetString(), entry.GetProperty("response").GetProperty("status").GetInt32())));
        Assert.Contains("roots/list", Content(entries[0]).Text, StringComparison.Ordinal);
        Assert.EndsWith($"data: {Result}\n\n", Content(entries[0]).Text, StringComparison.Ordinal);
        Assert.StartsWith("an answer to the server 9", entries[1].GetProperty("comment").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WhatIsOddOrMissing_IsSaidInTheComment()
    {
        RecordingToExport recording = await BeginAsync();
        await recording.ServerAsync(0, Progress, "stream");
        await recording.ClientAsync(1, Call, "1");
        await recording.AddAsync(MessageDirection.Internal, 2, Encoding.UTF8.GetBytes("{\"json"), "1", ("exchange.end", "broken"), ("exchange.ended-by", "server"), ("recording.length", "6"));
        await recording.AddAsync(MessageDirection.ServerToClient, 3, [0xFF, 0xFE], "2", ("exchange.end", "answered"), ("http.method", "DELETE"), ("http.status", "302"), ("http.header.location", "/x"));
        await recording.ClientAsync(4, Call);
        await recording.ServerAsync(5, Result);
        await recording.ServerAsync(6, Progress);

        List<JsonElement> entries = await ExportAsync(recording);

        Assert.Equal(
            [("GET", 200), ("POST", 0), ("DELETE", 302), ("POST", 200), ("GET", 200)],
            entries.Select(entry => (entry.GetProperty("request").GetProperty("method").GetString(), entry.GetProperty("response").GetProperty("status").GetInt32())));
        Assert.Contains("the method is not recorded", entries[0].GetProperty("comment").GetString(), StringComparison.Ordinal);
        Assert.Contains("broken by the server; no answer was recorded", entries[1].GetProperty("comment").GetString(), StringComparison.Ordinal);
        Assert.Equal("//4=", Content(entries[2]).Text);
        Assert.Equal("base64", entries[2].GetProperty("response").GetProperty("content").GetProperty("encoding").GetString());
        Assert.Equal("/x", entries[2].GetProperty("response").GetProperty("redirectURL").GetString());
        Assert.Equal(Result, Content(entries[3]).Text);
    }

    [Fact]
    public async Task Export_WhatWasRecordedOfRealHttp_HoldsEveryMessage()
    {
        await using HttpUpstream upstream = await HttpUpstream.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            string message = await body.ReadToEndAsync();
            if (message.Contains("tools/call", StringComparison.Ordinal))
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync($"id: 1\ndata: {Progress}\n\ndata: {Result}\n\n");
            }
            else if (message.Contains("initialize\"", StringComparison.Ordinal))
            {
                context.Response.Headers["Mcp-Session-Id"] = "secret";
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(Initialized);
            }
            else
            {
                context.Response.StatusCode = context.Request.Method == "DELETE" ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
            }
        });
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using var client = new HttpClient();
        await SendAsync(client, HttpMethod.Post, recorder.Endpoint, Initialize, session: null);
        await SendAsync(client, HttpMethod.Post, recorder.Endpoint, Call, "secret");
        await SendAsync(client, HttpMethod.Post, recorder.Endpoint, Progress, "secret");
        await SendAsync(client, HttpMethod.Delete, recorder.Endpoint, body: null, "secret");
        Session session = Assert.Single(await recorder.StopAsync());

        using var destination = new MemoryStream();
        string written = await new HarExport().WriteAsync(recorder.Store, session, destination, WorkProgress.None, Ct);
        List<JsonElement> entries = Read(destination.ToArray());

        Assert.Equal("4 exchanges of 8 frames", written);
        Assert.Equal(
            [("POST", 200), ("POST", 200), ("POST", 404), ("DELETE", 204)],
            entries.Select(entry => (entry.GetProperty("request").GetProperty("method").GetString(), entry.GetProperty("response").GetProperty("status").GetInt32())));
        Assert.Equal([Initialized, $"id: 1\ndata: {Progress}\n\ndata: {Result}\n\n", null, null], entries.Select(entry => Content(entry).Text));
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(destination.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportType.Stdio, false)]
    [InlineData(TransportType.WebSocket, false)]
    [InlineData(TransportType.Http, true)]
    [InlineData(TransportType.Sse, true)]
    [InlineData(TransportType.StreamableHttp, true)]
    public void WhyNot_OtherThanHttp_SaysWhichFormatsDo(TransportType transport, bool isHttp)
    {
        string? reason = new HarExport().WhyNot(new Session(new SessionId("s"), transport));

        Assert.Equal(isHttp ? null : $"session s went over {transport}, not over HTTP, and HAR holds nothing else: export it as html, otlp or jsonl", reason);
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, Uri endpoint, string? body, string? session)
    {
        using var request = new HttpRequestMessage(method, endpoint) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        using HttpResponseMessage response = await client.SendAsync(request, Ct);
        await response.Content.ReadAsStringAsync(Ct);
    }

    private static Task<RecordingToExport> BeginAsync() =>
        RecordingToExport.BeginAsync(new Session(SessionId.New(), TransportType.StreamableHttp) { CreatedAt = Make.At });

    private static async Task<List<JsonElement>> ExportAsync(RecordingToExport recording) => Read(Encoding.UTF8.GetBytes(await recording.ExportAsync(new HarExport())));

    /// <summary>The entries, each of which has what the format demands of it.</summary>
    private static List<JsonElement> Read(byte[] archive)
    {
        JsonElement log = JsonDocument.Parse(archive).RootElement.GetProperty("log");
        Assert.Equal("1.2", log.GetProperty("version").GetString());
        Assert.Equal("shadowcat", log.GetProperty("creator").GetProperty("name").GetString());
        List<JsonElement> entries = [.. log.GetProperty("entries").EnumerateArray()];
        foreach (JsonElement entry in entries)
        {
            AssertHas(entry, "startedDateTime", "time", "request", "response", "cache", "timings");
            AssertHas(entry.GetProperty("request"), "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize");
            AssertHas(entry.GetProperty("response"), "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize");
            AssertHas(entry.GetProperty("response").GetProperty("content"), "size", "mimeType");
            AssertHas(entry.GetProperty("timings"), "send", "wait", "receive");
            Assert.Equal(entry.GetProperty("time").GetDouble(), Timing(entry, "send") + Timing(entry, "wait") + Timing(entry, "receive"), precision: 6);
        }

        return entries;
    }

    private static void AssertHas(JsonElement element, params string[] members) =>
        Assert.All(members, member => Assert.True(element.TryGetProperty(member, out _), $"{member} is missing"));

    private static double Timing(JsonElement entry, string name) => entry.GetProperty("timings").GetProperty(name).GetDouble();

    private static (string? Type, string? Text, int Size) Content(JsonElement entry)
    {
        JsonElement content = entry.GetProperty("response").GetProperty("content");
        return (content.GetProperty("mimeType").GetString(), content.TryGetProperty("text", out JsonElement text) ? text.GetString() : null, content.GetProperty("size").GetInt32());
    }

    private static IEnumerable<string> Headers(JsonElement message) =>
        message.GetProperty("headers").EnumerateArray().Select(header => $"{header.GetProperty("name").GetString()}: {header.GetProperty("value").GetString()}");
}
