using System.Text.Json;
using Shadowcat.Sessions.Recorder.Exporting.Otlp;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The spans that <c>export --format otlp</c> writes.</summary>
public sealed class OtlpExportTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Export_ToolCall_IsASpanOfTheSession()
    {
        RecordingToExport recording = await BeginAsync(TransportType.Stdio);
        await recording.ClientAsync(10, $$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","_meta":{"traceparent":"00-{{{Trace}}}-00f067aa0ba902b7-01","tracestate":"a=b"} } }""");
        await recording.ServerAsync(260, """{"jsonrpc":"2.0","id":7,"result":{}}""");

        List<Span> spans = await ExportAsync(recording);

        Span call = Assert.Single(spans, span => span.Text("mcp.method.name") == "tools/call");
        Span root = Assert.Single(spans, span => span.Parent is null);
        Assert.Equal(("tools/call echo", 3, root.Id, "client"), (call.Name, call.Kind, call.Parent, call.Service));
        Assert.Equal(("echo", "execute_tool", "7", "2025-11-25", "pipe", null), (call.Text("gen_ai.tool.name"), call.Text("gen_ai.operation.name"), call.Text("jsonrpc.request.id"), call.Text("mcp.protocol.version"), call.Text("network.transport"), call.Text("network.protocol.name")));
        Assert.Equal(TimeSpan.FromMilliseconds(250), call.Duration);
        Assert.Equal(Make.At.AddMilliseconds(10), call.Began);
        Assert.Equal((null, null), (call.Text("error.type"), call.Status));
        JsonElement link = Assert.Single(call.Json.GetProperty("links").EnumerateArray());
        Assert.Equal((Trace, "00f067aa0ba902b7", "a=b"), (link.GetProperty("traceId").GetString(), link.GetProperty("spanId").GetString(), link.GetProperty("traceState").GetString()));
        Assert.Equal(("mcp session", 1, TimeSpan.FromMilliseconds(260)), (root.Name, root.Kind, root.Duration));
        Assert.All(spans, span => Assert.Equal(recording.Session.Id.Value, span.TraceId));
        Assert.All(spans, span => Assert.Equal(recording.Session.Id.Value, span.Text("mcp.session.id")));
    }

    [Fact]
    public async Task Export_Failures_AreErrorsOfTheirClass()
    {
        RecordingToExport recording = await BeginAsync(TransportType.StreamableHttp);
        await recording.ClientAsync(0, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}""", "1");
        await recording.ServerAsync(1, """{"jsonrpc":"2.0","id":1,"result":{"isError":true}}""", "1");
        await recording.ClientAsync(2, """{"jsonrpc":"2.0","id":2,"method":"x"}""", "2");
        await recording.ServerAsync(3, """{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no such"}}""", "2");
        await recording.ClientAsync(4, """{"jsonrpc":"2.0","id":3,"method":"y"}""", "3");
        await recording.ServerAsync(5, "", "3", ("exchange.end", "answered"), ("http.status", "404"));
        await recording.ClientAsync(6, """{"jsonrpc":"2.0","id":4,"method":"z"}""", "4");
        await recording.AddAsync(MessageDirection.Internal, 7, [], "4", ("exchange.end", "cancelled"), ("exchange.ended-by", "client"));
        await recording.ClientAsync(8, """{"jsonrpc":"2.0","id":5,"method":"hung"}""", "5");
        await recording.ClientAsync(9, """{"jsonrpc":"2.0","method":"notifications/n"}""", "6");

        List<Span> spans = await ExportAsync(recording);

        Assert.Equal(
            [("tools/call", "tool_error"), ("x", "-32601"), ("y", "404"), ("z", "cancelled"), ("notifications/n", null), ("hung", "unanswered")],
            spans.Where(span => span.Parent is not null).Select(span => (span.Text("mcp.method.name"), span.Text("error.type"))));
        Assert.All(spans.Where(span => span.Text("error.type") is not null), span => Assert.Equal(2, span.Status));
        Span error = Assert.Single(spans, span => span.Name == "x");
        Assert.Equal(("-32601", "no such"), (error.Text("rpc.response.status_code"), error.Json.GetProperty("status").GetProperty("message").GetString()));
        Assert.Equal(("tcp", "http"), (error.Text("network.transport"), error.Text("network.protocol.name")));
        Assert.Equal(TimeSpan.Zero, Assert.Single(spans, span => span.Name == "notifications/n").Duration);
    }

    [Fact]
    public async Task Export_WhatTheServerAsks_IsOfTheServersService()
    {
        RecordingToExport recording = await BeginAsync(TransportType.Stdio);
        await recording.ClientAsync(0, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        await recording.ServerAsync(1, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
        await recording.ClientAsync(2, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        await recording.ServerAsync(9, """{"jsonrpc":"2.0","id":1,"result":{}}""");

        List<Span> spans = await ExportAsync(recording);

        Span asked = Assert.Single(spans, span => span.Name == "roots/list");
        Assert.Equal(("server", TimeSpan.FromMilliseconds(1)), (asked.Service, asked.Duration));
        Span listed = Assert.Single(spans, span => span.Name == "tools/list");
        Assert.Equal(("client", TimeSpan.FromMilliseconds(9)), (listed.Service, listed.Duration));
    }

    [Fact]
    public async Task Export_Twice_GivesTheSameBytesInLinesOf500()
    {
        RecordingToExport recording = await BeginAsync(TransportType.Stdio, new SessionId("not-a-trace-id"));
        for (int number = 0; number < 1200; number++)
        {
            await recording.ClientAsync(number, $$"""{"jsonrpc":"2.0","method":"n/{{number}}"}""");
        }

        string first = await recording.ExportAsync(new OtlpExport());

        Assert.Equal(first, await recording.ExportAsync(new OtlpExport()));
        List<Span> spans = Read(first);
        Assert.Equal(1201, spans.Count);
        Assert.Equal(1201, spans.Select(span => span.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(spans, span => Assert.Matches("^[0-9a-f]{16}$", span.Id));
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(spans.Select(span => span.TraceId).Distinct(StringComparer.Ordinal)));
        Assert.Equal(3, first.TrimEnd('\n').Split('\n').Length);
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("<script>")]
    public async Task Export_TraceParentThatIsNone_LinksToNothing(string traceParent)
    {
        RecordingToExport recording = await BeginAsync(TransportType.Stdio);
        await recording.ClientAsync(0, $$$"""{"jsonrpc":"2.0","method":"n","params":{"_meta":{"traceparent":"{{{traceParent}}}"} } }""");

        Assert.All(await ExportAsync(recording), span => Assert.False(span.Json.TryGetProperty("links", out _)));
    }

    private static Task<RecordingToExport> BeginAsync(TransportType transport, SessionId? id = null) => RecordingToExport.BeginAsync(new Session(id ?? SessionId.New(), transport)
    {
        CreatedAt = Make.At,
        ClientInfo = Peer.Create("client", "1"),
        ServerInfo = Peer.Create("server", "2"),
        VersionState = new VersionState { Negotiated = "2025-11-25" },
    });

    private static async Task<List<Span>> ExportAsync(RecordingToExport recording) => Read(await recording.ExportAsync(new OtlpExport()));

    private static List<Span> Read(string lines) =>
    [
        .. from line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           from resource in JsonDocument.Parse(line).RootElement.GetProperty("resourceSpans").EnumerateArray()
           let service = Attribute(resource.GetProperty("resource"), "service.name")
           from scope in resource.GetProperty("scopeSpans").EnumerateArray()
           from span in scope.GetProperty("spans").EnumerateArray()
           select new Span(service!, span),
    ];

    private static string? Attribute(JsonElement of, string name) => of.GetProperty("attributes").EnumerateArray()
        .Where(attribute => attribute.GetProperty("key").GetString() == name)
        .Select(attribute => attribute.GetProperty("value").GetProperty("stringValue").GetString())
        .SingleOrDefault();

    private sealed record Span(string Service, JsonElement Json)
    {
        public string Name => Json.GetProperty("name").GetString()!;

        public string Id => Json.GetProperty("spanId").GetString()!;

        public string TraceId => Json.GetProperty("traceId").GetString()!;

        public string? Parent => Json.TryGetProperty("parentSpanId", out JsonElement parent) ? parent.GetString() : null;

        public int Kind => Json.GetProperty("kind").GetInt32();

        public int? Status => Json.GetProperty("status").TryGetProperty("code", out JsonElement code) ? code.GetInt32() : null;

        public DateTimeOffset Began => Time("startTimeUnixNano");

        public TimeSpan Duration => Time("endTimeUnixNano") - Began;

        public string? Text(string attribute) => Attribute(Json, attribute);

        private DateTimeOffset Time(string name) =>
            DateTimeOffset.UnixEpoch.AddTicks(long.Parse(Json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture) / 100);
    }
}
