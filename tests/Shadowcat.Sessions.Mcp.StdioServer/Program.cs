using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.StdioServer;

// A server as people write one, recorded: its arguments are where the record is kept, and the label to find it by.
var builder = Host.CreateEmptyApplicationBuilder(settings: null);
builder.Services.AddShadowcatSessions().UseRedis(args[0]);
builder.Services
    .AddMcpServer(options => options.ServerInfo = new Implementation { Name = "test-server", Version = "1.0" })
    .WithStdioServerTransport()
    .WithTools<EchoTools>()
    .WithSessionRecording(options => options.Tags = [args[1]]);
using var host = builder.Build();
await host.RunAsync();
