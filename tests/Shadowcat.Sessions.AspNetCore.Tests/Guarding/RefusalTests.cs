using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shadowcat.Sessions.AspNetCore.Tests.Migration;
using Shadowcat.Sessions.Mcp.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Guarding;

/// <summary>Whatever the guard refuses, the client can assign the refusal to its request: the id in it is the literal that was sent.</summary>
public sealed class RefusalTests : TwoReplicaTest
{
    private const string Sessionless = "none";

    private readonly HttpClient _http = new();

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"a \\u00e9 \\\"b\\\"\"")]
    [InlineData("1e3")]
    [InlineData("-0")]
    [InlineData("123456789012345678901234567890")]
    public async Task NoSuchSession_AndThatOfSomebodyElse_EchoTheId(string id)
    {
        var session = await Alice.BeginAsync(A);

        foreach (var named in new[] { Sessionless, session })
        {
            AssertRefused(HttpStatusCode.NotFound, -32001, id, await SendAsync(A, "bob", named, Call(id)));
        }
    }

    [Fact]
    public async Task IdBehindALargeParameter_IsFound()
    {
        var call = $$$"""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"known","arguments":{"id":1,"x":"{{{new string('x', 500_000)}}}"}},"id":"last"}""";

        AssertRefused(HttpStatusCode.NotFound, -32001, "\"last\"", await SendAsync(A, "bob", Sessionless, call));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""")]
    [InlineData("no JSON")]
    [InlineData("")]
    public async Task NothingToEcho_IsNull(string body) => AssertRefused(HttpStatusCode.NotFound, -32001, "null", await SendAsync(A, "bob", Sessionless, body));

    [Fact]
    public async Task OtherVersion_WhereTheSessionWouldHaveToBeResumed_EchoesTheId()
    {
        var session = await Alice.BeginAsync(A);

        AssertRefused(HttpStatusCode.BadRequest, -32600, "8", await SendAsync(B, "alice", session, Call("8"), "2025-06-18"));
    }

    [Fact]
    public async Task StoreAwayAtOnce_EchoesTheId()
    {
        var session = await Alice.BeginAsync(A);
        Store.TakeAway();

        AssertRefused(HttpStatusCode.ServiceUnavailable, -32000, "9", await SendAsync(B, "alice", session, Call("9")));
        AssertRefused(HttpStatusCode.ServiceUnavailable, -32000, "10", await SendAsync(A, "alice", session: null, Initialize("10")));
    }

    [Fact]
    public async Task StoreAwayOnceTheBodyIsRead_EchoesTheId()
    {
        var session = await Alice.BeginAsync(A);
        var reads = 0;
        Store.Break(operation => operation == "GetSession" && Interlocked.Increment(ref reads) > 1
            ? new SessionStoreUnavailableException(operation, null, "away.", outcomeUnknown: false)
            : null);

        AssertRefused(HttpStatusCode.ServiceUnavailable, -32000, "11", await SendAsync(B, "alice", session, Call("11")));
        Assert.Equal(2, reads);
    }

    private static string Call(string id) => $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"known","arguments":{}}}""";

    private static string Initialize(string id) =>
        $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";

    private static void AssertRefused(HttpStatusCode status, int code, string id, (HttpStatusCode Status, string Body) answer)
    {
        Assert.Equal(status, answer.Status);
        var body = JsonNode.Parse(answer.Body)!.AsObject();
        Assert.Equal(["jsonrpc", "id", "error"], body.Select(member => member.Key));
        Assert.Equal(("2.0", code), (body["jsonrpc"]!.GetValue<string>(), body["error"]!["code"]!.GetValue<int>()));
        using var document = JsonDocument.Parse(answer.Body);
        Assert.Equal(id, document.RootElement.GetProperty("id").GetRawText());
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(TestReplica replica, string user, string? session, string body, string version = "2025-11-25")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, replica.Endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", version);
        foreach (var (name, value) in Authentication.Header(user))
        {
            request.Headers.Add(name, value);
        }

        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        using var response = await _http.SendAsync(request, Ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
