using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>A tool call of a client of the MCP SDK over Streamable HTTP, with the server in this process.</summary>
internal sealed class ToolCallOperation : Operation<CallToolResult>, IAsyncDisposable
{
    private readonly Dictionary<string, object?> _arguments = new() { ["text"] = new string('x', 200) };
    private readonly WebApplication _server;
    private readonly McpClient _client;

    private ToolCallOperation(WebApplication server, McpClient client) => (_server, _client) = (server, client);

    /// <summary>What the server records with; null where it does not.</summary>
    public SessionRecorder? Recorder => _server.Services.GetService<SessionRecorder>();

    /// <summary>Starts a server and connects a client.</summary>
    /// <param name="store">Where the server records; null for nowhere.</param>
    public static async Task<ToolCallOperation> StartAsync(ISessionStore? store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var mcp = builder.Services.AddMcpServer()
            .WithHttpTransport(options => options.SessionMode = HttpServerSessionMode.Stateful)
            .WithTools([McpServerTool.Create((string text) => text, new McpServerToolCreateOptions { Name = "echo" })]);
        if (store is not null)
        {
            builder.Services.AddSingleton(store);

            // One session of a client that nobody knows takes every call of a row.
            builder.Services.Configure<ClientLimits>(limits => limits.MaxAnonymousSessionBytes = 1L << 40);
            mcp.WithSessionRecording();
        }

        var server = builder.Build();
        server.MapMcp();
        await server.StartAsync();
        return new ToolCallOperation(
            server, await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(server.Urls.First()) })));
    }

    public override ValueTask<CallToolResult> CallAsync(int caller, long call) => _client.CallToolAsync("echo", _arguments);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
