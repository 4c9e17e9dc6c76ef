using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Aot.Registration;

namespace Shadowcat.Sessions.Aot.Mcp;

/// <summary>A server in a host, as the README has it.</summary>
internal static class HostedServer
{
    public static async Task RunAsync()
    {
        Pipe toServer = new();
        Pipe toClient = new();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddShadowcatSessions(Settings.Of(("Recording:Tags:0", "hosted"), ("ClientLimits:MaxSessionsPerPrincipal", "10")));
        builder.Services.AddMcpServer()
            .WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream())
            .WithTools<GreetingTools>()
            .WithSessionRecording();
        using var host = builder.Build();
        await host.StartAsync();

        Check.Equal("Hello, Ada", await ConversationCalls.GreetAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream())));

        await host.StopAsync();
        await ConversationCalls.RecordedAsync(host.Services.GetRequiredService<ISessionStore>(), "hosted");
    }
}
