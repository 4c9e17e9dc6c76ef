using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.StdioServer;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Registered servers with one connection.</summary>
public sealed class StreamRecordingTests
{
    private const int Requests = 300;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamServer_Recorded_IsOneSessionWithEveryMessageOnce(bool isRecordedBehindTheTransport)
    {
        var store = new InMemorySessionStore();
        var toServer = new Pipe();
        var toClient = new Pipe();
        using var host = Build(store, toServer.Reader.AsStream(), toClient.Writer.AsStream(), isRecordedBehindTheTransport);
        await host.StartAsync(TestContext.Current.CancellationToken);

        await WriteAsync(toServer.Writer, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");
        using var received = new StreamReader(toClient.Reader.AsStream());
        await received.ReadLineAsync(TestContext.Current.CancellationToken);
        await WriteAsync(toServer.Writer, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        for (var i = 1; i <= Requests; i++)
        {
            await WriteAsync(toServer.Writer, $$"""{"jsonrpc":"2.0","id":{{i}},"method":"ping"}""");
        }

        for (var i = 1; i <= Requests; i++)
        {
            await received.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        await toServer.Writer.CompleteAsync();
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        await ((IAsyncDisposable)host).DisposeAsync();

        var session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((TransportType.Stdio, SessionBoundary.Handshake), (session.TransportType, session.Boundary));
        Assert.Equal(("c", "test-server", "2025-11-25"), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));
        Assert.Equal((SessionState.Closed, SessionStatus.Completed), (session.State, session.Status));
        var frames = await store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var asked = frames.Where(frame => frame.Direction == MessageDirection.ClientToServer).Select(frame => frame.RequestId?.ToString() ?? frame.Method!).ToList();
        string[] wire = ["0", "notifications/initialized", .. Enumerable.Range(1, Requests).Select(i => $"{i}")];
        Assert.Equal(Requests + 1, frames.Count(frame => frame.Direction == MessageDirection.ServerToClient));
        if (isRecordedBehindTheTransport)
        {
            Assert.Equal(wire, asked);
            Assert.Equal("the client closed the connection", session.CloseReason);
        }
        else
        {
            Assert.Equal(wire.Order(), asked.Order());
        }
    }

    private static IHost Build(ISessionStore store, Stream input, Stream output, bool isRecordedBehindTheTransport)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(store);
        var server = builder.Services.AddMcpServer(options => options.ServerInfo = new Implementation { Name = "test-server", Version = "1.0" }).WithTools<EchoTools>();
        if (!isRecordedBehindTheTransport)
        {
            server.WithSessionRecording();
        }

        server.WithStreamServerTransport(input, output);
        if (isRecordedBehindTheTransport)
        {
            server.WithSessionRecording();
        }

        return builder.Build();
    }

    private static async Task WriteAsync(PipeWriter writer, string message) =>
        await writer.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"), TestContext.Current.CancellationToken);
}
