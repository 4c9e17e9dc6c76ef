using System.Net;
using System.Text;
using Gateway.Replicas;

namespace Gateway.Demo;

/// <summary>Asks a replica in plain HTTP, as somebody would who has got hold of a session id.</summary>
internal sealed class SessionProbe : IDisposable
{
    private const string Call = """{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"where","arguments":{}}}""";

    private readonly HttpClient _client = new();

    public Task<HttpStatusCode> CallAsync(Uri replica, string user, string sessionId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, replica, user, sessionId, cancellationToken);

    public Task<HttpStatusCode> DeleteAsync(Uri replica, string user, string sessionId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, replica, user, sessionId, cancellationToken);

    public Task<string> HealthAsync(Uri replica, CancellationToken cancellationToken) =>
        _client.GetStringAsync(new Uri(replica, Replica.HealthPath), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, Uri replica, string user, string sessionId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(replica, "/mcp"));
        request.Headers.Add("Authorization", $"Bearer {user}");
        request.Headers.Add("Mcp-Session-Id", sessionId);
        request.Headers.Add("MCP-Protocol-Version", DemoClient.LastWithSessions);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Content = method == HttpMethod.Post ? new StringContent(Call, Encoding.UTF8, "application/json") : null;
        using var response = await _client.SendAsync(request, cancellationToken);
        return response.StatusCode;
    }
}
