using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Requests of the revision 2026-07-28 as the cases have them, without a client that adds something of its own.</summary>
internal static class RawRequests
{
    private const string Version = "2026-07-28";

    /// <summary>Posts a request; the head of the response is there.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, Uri endpoint, string body)
    {
        var message = JsonNode.Parse(body)!;
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("MCP-Protocol-Version", Version);
        request.Headers.Add("Mcp-Method", (string?)message["method"]);
        if ((string?)message["params"]?["name"] is { } name)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Posts a request and reads what answers it.</summary>
    public static async Task<JsonNode> CallAsync(HttpClient client, Uri endpoint, string body)
    {
        using var response = await PostAsync(client, endpoint, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var data = text.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal));
        return JsonNode.Parse(data is null ? text : data["data:".Length..])!;
    }

    /// <summary>Posts a request as clients of the revisions with a handshake do, and reads what answers it.</summary>
    public static async Task<string> CallOlderAsync(HttpClient client, Uri endpoint, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads the data of the next event of a stream.</summary>
    public static async Task<string> NextEventAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal) && line.Length > "data: ".Length)
            {
                return line["data:".Length..].Trim();
            }
        }

        throw new EndOfStreamException("The stream ended.");
    }
}
