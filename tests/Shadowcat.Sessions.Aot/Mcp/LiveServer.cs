using System.IO.Pipelines;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Aot.Mcp;

/// <summary>A server of the SDK at the other end of two pipes.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly McpServer _server;
    private readonly Task _running;

    /// <param name="around">What lies around its transport.</param>
    public LiveServer(Func<ITransport, ITransport> around)
    {
        Pipe toServer = new();
        Pipe toClient = new();
        _transport = around(new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()));
        _server = McpServer.Create(_transport, new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "live", Version = "1" },
            ToolCollection = [McpServerTool.Create(static (string name) => $"Hello, {name}", new McpServerToolCreateOptions { Name = "greet" })],
        });
        _running = _server.RunAsync();
        Transport = new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream());
    }

    public IClientTransport Transport { get; }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _running;
        await _transport.DisposeAsync();
    }
}
