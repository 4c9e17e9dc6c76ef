using System.Text;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Mcp.Tests.Recording;
using Shadowcat.Sessions.Mcp.Tests.Servers;

namespace Shadowcat.Sessions.Mcp.Tests.Transports;

/// <summary>Clients of the C# SDK whose transport is recorded.</summary>
public sealed class ClientRecordingTests
{
    private readonly InMemorySessionStore _store = new();

    [Theory]
    [InlineData("2025-11-25", SessionBoundary.Handshake)]
    [InlineData("2026-07-28", SessionBoundary.Connection)]
    public async Task HttpClient_Recorded_IsOneSession(string version, SessionBoundary boundary)
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.StatefulForInitializeClients);
        string? transportId;
        await using (var client = await ConnectAsync(server, version))
        {
            transportId = client.SessionId;
            await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
            await client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = "hi" }, cancellationToken: TestContext.Current.CancellationToken);
        }

        var session = await SingleAsync();
        Assert.Equal((TransportType.StreamableHttp, boundary), (session.TransportType, session.Boundary));
        Assert.Equal((SessionState.Closed, SessionStatus.Completed, "the client closed the connection"), (session.State, session.Status, session.CloseReason));
        Assert.Equal(transportId is null ? null : TransportSessionIds.ToRecordedText(transportId), session.TransportSessionId);
        Assert.Equal(("test-client", "test-server", version), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));

        // Both ends saw the same messages.
        var here = await FramesAsync(session);
        var there = await server.GetFramesAsync(Assert.Single(await server.GetSessionsAsync()));
        Assert.Equal(there.Select(Text).Order(), here.Select(Text).Order());
        Assert.Equal(Exchanges(there), Exchanges(here));

        // A notification goes by a request of its own, which the server may read behind the next one.
        static IEnumerable<string?> Exchanges(IEnumerable<MessageEnvelope> frames) => frames.Where(frame => frame.Kind != MessageKind.Notification).Select(frame => frame.Method);
    }

    [Fact]
    public async Task HttpClient_ServerRefusesTheNewestRevision_KeepsEveryAttempt()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateful);

        await (await ConnectAsync(server, version: null)).DisposeAsync();

        var session = await SingleAsync();
        Assert.Equal([new VersionAttempt("2026-07-28"), new VersionAttempt("2025-11-25", "2025-11-25")], session.VersionState?.Attempts);
        var frames = await FramesAsync(session);
        Assert.Equal(["server/discover", "recording/undelivered", "initialize", null, "notifications/initialized"], frames.Select(frame => frame.Method));
        Assert.Equal(MessageDirection.Internal, frames[1].Direction);
        Assert.Contains("\"code\":-32022", Text(frames[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StdioClient_ServerExits_SaysHow()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell as the server");
        var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = "sh", Arguments = ["-c", "read line; exit 7"] }).WithRecording(_store);

        await Assert.ThrowsAnyAsync<Exception>(() => McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken));

        var session = await SingleAsync();
        Assert.Equal(TransportType.Stdio, session.TransportType);
        Assert.Equal((SessionState.Closed, SessionStatus.Failed, "the server exited with 7"), (session.State, session.Status, session.CloseReason));
        Assert.Equal("server/discover", (await FramesAsync(session))[0].Method);
    }

    [Fact]
    public async Task Client_StoreAway_WorksAndLosesItsRecord()
    {
        var store = new BreakableStore();
        store.TakeAway();
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        await using var recorder = new SessionRecorder(store);
        await using (var client = await McpClient.CreateAsync(Http(server).WithRecording(recorder), cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.NotEmpty(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken));
        }

        await recorder.DisposeAsync();
        Assert.Equal(4, recorder.DroppedMessages);
    }

    [Fact]
    public async Task SharedRecorder_SeveralClients_AreASessionEach()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        await using var recorder = new SessionRecorder(_store, new SessionRecordingOptions { Tags = ["shared"] });
        var transport = Http(server).WithRecording(recorder);

        for (var i = 0; i < 3; i++)
        {
            await (await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken)).DisposeAsync();
        }

        await Poll.UntilAsync(() => Task.FromResult(recorder.QueuedMessages == 0), "everything is written");
        Assert.Equal(3, await _store.ListSessionsAsync(new SessionFilter { Tags = ["shared"] }, TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhenFullWait_StoreHoldsUp_TheConversationWaitsAndIsWhole()
    {
        var store = new BreakableStore();
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        var transport = Http(server).WithRecording(store, options => (options.MaxQueuedMessages, options.WhenFull) = (1, RecordingOverflow.Wait));
        await using (var client = await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken))
        {
            store.Hold();
            var calling = client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken).AsTask();
            await Poll.UntilAsync(() => Task.FromResult(store.IsHolding), "the store holds a call up");
            Assert.False(calling.IsCompleted);
            store.Release();
            await calling;
        }

        var session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, session.FrameCount);
        Assert.Equal("the client closed the connection", session.CloseReason);
    }

    [Fact]
    public void WithRecording_TransportOfAStreamableHttpServer_IsRefused()
    {
        var exception = Assert.Throws<ArgumentException>(() => new StreamableHttpServerTransport().WithRecording(_store));

        Assert.Contains("WithSessionRecording", exception.Message, StringComparison.Ordinal);
    }

    private static HttpClientTransport Http(RecordedServer server) => new(new HttpClientTransportOptions { Endpoint = server.Endpoint });

    private Task<McpClient> ConnectAsync(RecordedServer server, string? version) => McpClient.CreateAsync(
        Http(server).WithRecording(_store),
        new McpClientOptions { ProtocolVersion = version, ClientInfo = new Implementation { Name = "test-client", Version = "1.0" } },
        cancellationToken: TestContext.Current.CancellationToken);

    private async Task<Session> SingleAsync() => await _store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

    private async Task<List<MessageEnvelope>> FramesAsync(Session session) =>
        await _store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync();

    private static string Text(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);
}
