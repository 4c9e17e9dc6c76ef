using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>A small MCP server of the C# SDK on stdin and stdout.</summary>
internal static class DemoServer
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services
            .AddMcpServer(options => options.ServerInfo = new Implementation { Name = "demo-server", Version = "1.0", Title = "Demonstration server" })
            .WithStdioServerTransport()
            .WithTools<DemoTools>()
            .WithPrompts<DemoPrompts>()
            .WithResources<DemoResources>();
        using var host = builder.Build();
        await host.RunAsync(cancellationToken);
    }
}
