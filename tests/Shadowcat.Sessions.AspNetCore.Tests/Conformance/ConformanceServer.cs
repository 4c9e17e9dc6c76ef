using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore.Tests.Conformance;

/// <summary>A server that can do what the protocol's conformance suite asks for.</summary>
internal static class ConformanceServer
{
    public static async Task<WebApplication> StartAsync(ISessionStore store, HttpServerSessionMode mode, Action<IMcpServerBuilder>? oneLiners = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store);
        var server = builder.Services
            .AddMcpServer(options => options.ServerInfo = new Implementation { Name = "conformance-server", Version = "1.0" })
            .WithHttpTransport(http => http.SessionMode = mode)
            .WithTools<ConformanceTools>()
            .WithResources<ConformanceResources>()
            .WithPrompts<ConformancePrompts>()
            .WithCompleteHandler((_, _) => ValueTask.FromResult(new CompleteResult()))
            .WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithSubscribeToResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithUnsubscribeFromResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()));
        oneLiners?.Invoke(server);
        var application = builder.Build();
        application.MapMcp("/mcp");
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }
}
