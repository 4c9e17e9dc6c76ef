using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Shadowcat.Sessions.Mcp.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Sends plain HTTP requests to replicas, with any session id and version.</summary>
internal sealed class RawClient(string? user) : IDisposable
{
    private readonly HttpClient _http = new();
    private int _calls = 1000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Begins a session.</summary>
    public async Task<string> BeginAsync(TestReplica replica, string version = "2025-11-25", string capabilities = """{"elicitation":{}}""")
    {
        using var response = await InitializeAsync(replica, version, capabilities);
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, body);
        return Assert.Single(response.Headers.GetValues("Mcp-Session-Id"));
    }

    public Task<HttpResponseMessage> InitializeAsync(TestReplica replica, string version = "2025-11-25", string capabilities = "{}") => SendAsync(
        HttpMethod.Post, replica.Endpoint, session: null, version: null,
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{{version}}}}","capabilities":{{{{capabilities}}}},"clientInfo":{"name":"test-client","version":"1.0"}}}""");

    /// <summary>What the server knows, as its tool says; null with the status where it refuses.</summary>
    public async Task<(HttpStatusCode Status, string? Known)> KnownAsync(TestReplica replica, string? session, string? version = "2025-11-25")
    {
        using var response = await SendAsync(HttpMethod.Post, replica.Endpoint, session, version, Call("known"));
        var body = await response.Content.ReadAsStringAsync(Ct);
        var data = body.Split('\n').LastOrDefault(line => line.StartsWith("data: {", StringComparison.Ordinal));
        return (response.StatusCode, data is null ? null : JsonNode.Parse(data[6..])!["result"]?["content"]?[0]?["text"]?.GetValue<string>());
    }

    public async Task<HttpStatusCode> StatusAsync(TestReplica replica, string session, HttpMethod? method = null)
    {
        using var response = await SendAsync(method ?? HttpMethod.Post, replica.Endpoint, session, "2025-11-25", method is null ? Call("known") : null);
        return response.StatusCode;
    }

    /// <summary>Calls a tool with a body that comes only then; its beginning comes at once.</summary>
    public async Task<HttpStatusCode> StatusOfSlowCallAsync(TestReplica replica, string session, Task then)
    {
        using var response = await SendAsync(HttpMethod.Post, replica.Endpoint, session, "2025-11-25", new SlowBody(Encoding.UTF8.GetBytes(Call("known")), then));
        return response.StatusCode;
    }

    /// <summary>Calls a tool, and returns when its answer begins.</summary>
    public Task<HttpResponseMessage> CallAsync(TestReplica replica, string session, string tool) =>
        SendAsync(HttpMethod.Post, replica.Endpoint, session, "2025-11-25", Call(tool, """,  "_meta":{"progressToken":"p"}"""));

    /// <summary>Listens for unsolicited messages of the server.</summary>
    public Task<HttpResponseMessage> ListenAsync(TestReplica replica, string session) =>
        SendAsync(HttpMethod.Get, replica.Endpoint, session, "2025-11-25", body: (HttpContent?)null);

    /// <summary>Resumes a stream.</summary>
    public Task<HttpResponseMessage> ResumeAsync(TestReplica replica, string session, string lastEventId) =>
        SendAsync(HttpMethod.Get, replica.Endpoint, session, "2025-11-25", body: (HttpContent?)null, lastEventId);

    public void Dispose() => _http.Dispose();

    private string Call(string tool, string more = "") =>
        $$$$"""{"jsonrpc":"2.0","id":{{{{_calls++}}}},"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}{{{{more}}}}}}""";

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri endpoint, string? session, string? version, string? body, string? lastEventId = null) =>
        SendAsync(method, endpoint, session, version, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), lastEventId);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri endpoint, string? session, string? version, HttpContent? body, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(method, endpoint);
        request.Headers.Add("Accept", method == HttpMethod.Get ? "text/event-stream" : "application/json, text/event-stream");
        foreach (var (name, value) in user is null ? [] : Authentication.Header(user))
        {
            request.Headers.Add(name, value);
        }

        foreach (var (name, value) in new[] { ("Mcp-Session-Id", session), ("MCP-Protocol-Version", version), ("Last-Event-ID", lastEventId) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        request.Content = body;
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }
}
