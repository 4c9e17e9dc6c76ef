using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.StdioServer;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>A real MCP server over Streamable HTTP on loopback, with the one line that records it.</summary>
internal sealed class RecordedServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RecordedServer(WebApplication application) => _application = application;

    public Uri Endpoint => new(_application.Urls.First());

    public ISessionStore Store => _application.Services.GetRequiredService<ISessionStore>();

    public SessionRecorder Recorder => _application.Services.GetRequiredService<SessionRecorder>();

    public static async Task<RecordedServer> StartAsync(
        HttpServerSessionMode mode,
        ISessionStore? store = null,
        Action<SessionRecordingOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? use = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (store is not null)
        {
            builder.Services.AddSingleton(store);
        }

        builder.Services.AddShadowcatSessions();
        builder.Services
            .AddMcpServer(options => options.ServerInfo = new Implementation { Name = "test-server", Version = "1.0" })
            .WithHttpTransport(options => options.SessionMode = mode)
            .WithTools<EchoTools>()
            .WithSessionRecording(configure);
        services?.Invoke(builder.Services);
        var application = builder.Build();
        use?.Invoke(application);
        application.MapMcp();
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new RecordedServer(application);
    }

    /// <summary>A client of the C# SDK.</summary>
    /// <param name="version">The revision to insist on; null for the newest that both sides know.</param>
    /// <param name="name">What it says it is.</param>
    /// <param name="headers">What it sends with every request.</param>
    public Task<McpClient> ConnectAsync(string? version = null, string name = "test-client", Dictionary<string, string>? headers = null) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = Endpoint, AdditionalHeaders = headers }),
        new McpClientOptions { ProtocolVersion = version, ClientInfo = new Implementation { Name = name, Version = "1.0" } },
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>What is recorded, once nothing is on its way any more.</summary>
    public async Task<List<Session>> GetSessionsAsync()
    {
        await Poll.UntilAsync(() => Task.FromResult(Recorder.QueuedMessages == 0), "everything is written");
        return await Store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).OrderBy(session => session.CreatedAt).ToListAsync(TestContext.Current.CancellationToken);
    }

    public async Task<List<MessageEnvelope>> GetFramesAsync(Session session) =>
        await Store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync();

    /// <summary>Stops the host as a signal does, without disposing of it.</summary>
    public Task StopAsync() => _application.StopAsync();

    /// <summary>Stops the host as a signal does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
