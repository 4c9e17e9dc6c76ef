using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Demo;

/// <summary>A client of the C# SDK.</summary>
internal static class DemoClient
{
    /// <summary>The newest revision with sessions over HTTP; the one after it has none, so there is nothing to migrate.</summary>
    public const string LastWithSessions = "2025-11-25";

    public static Task<McpClient> ConnectAsync(Uri endpoint, string user, CancellationToken cancellationToken) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {user}" },
        }),
        new McpClientOptions
        {
            ProtocolVersion = LastWithSessions,
            ClientInfo = new Implementation { Name = $"{user}'s client", Version = "1.0" },
            Handlers = new McpClientHandlers { ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }) },
        },
        cancellationToken: cancellationToken);

    public static async Task<string> CallAsync(McpClient client, string tool, CancellationToken cancellationToken)
    {
        var result = await client.CallToolAsync(tool, cancellationToken: cancellationToken);
        return string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
    }
}
