using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace); // stdout carries the protocol
builder.Services.AddShadowcatSessions().UseSqlite("sessions.db");
builder.Services.AddMcpServer()
    .WithStdioServerTransport()
    .WithTools<Calculator>()
    .WithSessionRecording();
await builder.Build().RunAsync();

[McpServerToolType]
internal sealed class Calculator
{
    [McpServerTool, Description("Adds two numbers.")]
    public static int Add(int first, int second) => first + second;
}
