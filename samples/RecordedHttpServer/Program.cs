using System.ComponentModel;
using ModelContextProtocol.Server;
using Shadowcat.Sessions;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddShadowcatSessions().UseSqlite("sessions.db");
builder.Services.AddMcpServer()
    .WithHttpTransport()
    .WithTools<Calculator>()
    .WithSessionRecording();
builder.Services.AddHealthChecks().AddShadowcatSessions();

var app = builder.Build();
app.MapMcp("/mcp");
app.MapHealthChecks("/health");
app.MapGet("/", async (ISessionStore store, CancellationToken cancellationToken) =>
    $"{await store.CountSessionsAsync(cancellationToken)} sessions are recorded.");
await app.RunAsync();

[McpServerToolType]
internal sealed class Calculator
{
    [McpServerTool, Description("Adds two numbers.")]
    public static int Add(int first, int second) => first + second;
}
