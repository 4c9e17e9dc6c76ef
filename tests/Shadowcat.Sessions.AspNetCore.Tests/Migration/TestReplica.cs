using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Mcp.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>A real MCP server over Streamable HTTP on loopback, whose sessions migrate.</summary>
internal sealed class TestReplica : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestReplica(WebApplication application) => _application = application;

    public Uri Endpoint => new(new Uri(_application.Urls.First()), "/mcp");

    public IServiceProvider Services => _application.Services;

    public static async Task<TestReplica> StartAsync(
        ISessionStore store,
        Action<IMcpServerBuilder>? server = null,
        Action<WebApplication>? use = null,
        Action<IEndpointConventionBuilder>? map = null,
        Action<HttpServerTransportOptions>? http = null,
        bool migrates = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store).AddSingleton<StepGate>();
        var mcp = builder.Services
            .AddMcpServer(options => options.ServerInfo = new Implementation { Name = "test-server", Version = "1.0" })
            .WithHttpTransport(http)
            .WithTools<TestTools>();
        if (migrates)
        {
            mcp.WithSessionMigration();
        }

        server?.Invoke(mcp);
        var application = builder.Build();
        Authentication.ByHeader(application);
        use?.Invoke(application);
        var endpoints = application.MapMcp("/mcp");
        map?.Invoke(endpoints);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new TestReplica(application);
    }

    public T Get<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>A client of the C# SDK.</summary>
    public Task<McpClient> ConnectAsync(string? user, string version = "2025-11-25") => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = user is null ? null : Authentication.Header(user),
            OwnsSession = false,
        }),
        new McpClientOptions
        {
            ProtocolVersion = version,
            ClientInfo = new Implementation { Name = "test-client", Version = "1.0" },
            Handlers = new McpClientHandlers { ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult()) },
        },
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Waits until the recording has written what it saw.</summary>
    public Task DrainAsync() => Poll.UntilAsync(() => Task.FromResult(Get<SessionRecorder>().QueuedMessages == 0), "everything is written");

    /// <summary>Stops the host as a signal does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
