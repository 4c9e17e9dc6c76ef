using System.IO.Pipelines;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>A server of the SDK at the other end of two pipes.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly McpServer _server;
    private readonly Task _running;

    /// <param name="greeting">What its tool says.</param>
    public LiveServer(string greeting)
    {
        Pipe toServer = new();
        Pipe toClient = new();
        _server = McpServer.Create(new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()), new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "live", Version = "1" },
            ToolCollection =
            [
                McpServerTool.Create((string name) => $"{greeting}, {name}", new McpServerToolCreateOptions { Name = "greet" }),
                McpServerTool.Create(
                    async (IProgress<ProgressNotificationValue> progress) =>
                    {
                        progress.Report(new ProgressNotificationValue { Progress = 1, Total = 2 });
                        progress.Report(new ProgressNotificationValue { Progress = 2, Total = 2 });
                        await Task.Yield();
                        return "done";
                    },
                    new McpServerToolCreateOptions { Name = "work" }),
            ],
        });
        _running = _server.RunAsync();
        Transport = new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream());
    }

    public IClientTransport Transport { get; }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _running;
    }
}
