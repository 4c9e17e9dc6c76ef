using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Servers over Streamable HTTP with one line more, and clients of the C# SDK.</summary>
public sealed class HttpRecordingTests
{
    private const string WithHandshake = "2025-11-25";
    private const string WithoutHandshake = "2026-07-28";

    private static readonly string?[] Calls =
    [
        "tools/list", null, "tools/call", null, "tools/call", "notifications/progress", "notifications/progress", null, "tools/call", null,
    ];

    [Theory]
    [InlineData(HttpServerSessionMode.Stateful, WithHandshake)]
    [InlineData(HttpServerSessionMode.Stateful, null)]
    [InlineData(HttpServerSessionMode.StatefulForInitializeClients, WithHandshake)]
    public async Task StatefulSession_Recorded_IsOneSessionWithEveryMessageOnce(HttpServerSessionMode mode, string? version)
    {
        await using var server = await RecordedServer.StartAsync(mode);
        string? transportId;
        await using (var client = await server.ConnectAsync(version))
        {
            transportId = client.SessionId;
            await TalkAsync(client);
        }

        var session = await EndedAsync(server);
        Assert.Equal((TransportType.StreamableHttp, SessionBoundary.Handshake), (session.TransportType, session.Boundary));
        Assert.Equal((SessionState.Closed, SessionStatus.Completed, "the server ended the session"), (session.State, session.Status, session.CloseReason));
        Assert.Equal(transportId, session.TransportSessionId);
        Assert.Equal(TransportSessionIds.ToSessionId(transportId!), session.Id);
        Assert.Equal(("test-client", "test-server"), (session.ClientInfo?.Name, session.ServerInfo?.Name));
        Assert.Equal(
            new VersionState
            {
                Requested = WithHandshake,
                Negotiated = WithHandshake,
                TransportHeader = WithHandshake,
                Attempts = [new VersionAttempt(WithHandshake, WithHandshake)],
            },
            session.VersionState);
        var frames = await server.GetFramesAsync(session);
        Assert.Equal(["initialize", null, "notifications/initialized", .. Calls], frames.Select(frame => frame.Method));
        AssertAnsweredOnce(frames);
    }

    [Theory]
    [InlineData(HttpServerSessionMode.Stateless)]
    [InlineData(HttpServerSessionMode.StatefulForInitializeClients)]
    public async Task StatelessClient_Recorded_IsOneSessionWithEveryMessageOnce(HttpServerSessionMode mode)
    {
        await using var server = await RecordedServer.StartAsync(mode);
        await using (var client = await server.ConnectAsync(WithoutHandshake))
        {
            await TalkAsync(client);
        }

        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal((TransportType.StreamableHttp, SessionBoundary.Correlated), (session.TransportType, session.Boundary));
        Assert.Equal((SessionState.Active, SessionStatus.Active), (session.State, session.Status));
        Assert.Equal("server=test-server&client=test-client/1.0", session.CorrelationKey);
        Assert.Null(session.TransportSessionId);
        Assert.Equal(("test-client", "test-server"), (session.ClientInfo?.Name, session.ServerInfo?.Name));
        Assert.Equal([new VersionAttempt(WithoutHandshake, WithoutHandshake)], session.VersionState?.Attempts);
        var frames = await server.GetFramesAsync(session);
        Assert.Equal(["server/discover", null, .. Calls], frames.Select(frame => frame.Method));
        Assert.All(frames, frame => Assert.NotNull(frame.ExchangeId));
        AssertAnsweredOnce(frames);
    }

    [Fact]
    public async Task HybridServer_BothKindsOfClients_AreASessionEach()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.StatefulForInitializeClients);
        await using var older = await server.ConnectAsync(WithHandshake, name: "older");
        await using var newer = await server.ConnectAsync(WithoutHandshake, name: "newer");

        await Task.WhenAll(TalkAsync(older), TalkAsync(newer), TalkAsync(older), TalkAsync(newer));

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(["newer", "older"], sessions.Select(session => session.ClientInfo?.Name).Order());
        foreach (var session in sessions)
        {
            AssertAnsweredOnce(await server.GetFramesAsync(session));
        }

        Assert.Equal(0, server.Recorder.DroppedMessages);
    }

    [Fact]
    public async Task StatelessClients_OfSeveralPeopleAndPrograms_AreASessionEach()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, use: Authentication.ByHeader);
        foreach (var (user, program) in new[] { ("alice", "editor"), ("bob", "editor"), ("alice", "terminal"), ("alice", "editor") })
        {
            await using var client = await server.ConnectAsync(WithoutHandshake, program, Authentication.Header(user));
            await TalkAsync(client);
        }

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(
            [("alice", "editor"), ("alice", "terminal"), ("bob", "editor")],
            sessions.Select(session => (session.Owner!.Value, session.ClientInfo!.Name)).Order());
    }

    [Fact]
    public async Task StatelessServer_AuthenticatedClientWithHandshake_IsOneSession()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, use: Authentication.ByHeader);
        await using (var client = await server.ConnectAsync(WithHandshake, headers: Authentication.Header("alice")))
        {
            await TalkAsync(client);
        }

        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal(("alice", "test-client", WithHandshake), (session.Owner?.Value, session.ClientInfo?.Name, session.VersionState?.Negotiated));
        Assert.Equal(["initialize", null, "notifications/initialized", .. Calls], (await server.GetFramesAsync(session)).Select(frame => frame.Method));
    }

    [Fact]
    public async Task StatelessServer_NothingToTellBy_IsASessionForEachExchange()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        await using (var client = await server.ConnectAsync(WithHandshake))
        {
            await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(
            ["initialize", "notifications/initialized", "tools/list"],
            await sessions.ToAsyncEnumerable().Select(async (session, _, _) => (await server.GetFramesAsync(session))[0].Method).ToListAsync(TestContext.Current.CancellationToken));
        Assert.All(sessions, session => Assert.Equal((SessionBoundary.Exchange, SessionState.Closed), (session.Boundary, session.State)));
        Assert.Equal(
            ["the request was answered", "there was nothing to answer", "the request was answered"], sessions.Select(session => session.CloseReason));
    }

    [Fact]
    public async Task StatelessClient_OverTwoReplicas_IsOneSession()
    {
        var store = new InMemorySessionStore();
        await using var a = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store);
        await using var b = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store);
        await using var onA = await a.ConnectAsync(WithoutHandshake);
        await using var onB = await b.ConnectAsync(WithoutHandshake);

        await Task.WhenAll(TalkAsync(onA), TalkAsync(onB));
        await a.GetSessionsAsync();

        var session = Assert.Single(await b.GetSessionsAsync());
        Assert.Equal(24, session.FrameCount);
        AssertAnsweredOnce(await b.GetFramesAsync(session));

        // A replica that stops does not end what the other goes on with.
        await a.DisposeAsync();
        await TalkAsync(onB);
        Assert.Equal(SessionState.Active, Assert.Single(await b.GetSessionsAsync()).State);
    }

    [Fact]
    public async Task StatelessClient_ReplicaThatWroteLastStops_GoesOnOverTheOther()
    {
        var store = new InMemorySessionStore();
        await using var a = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store);
        await using var b = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store);
        await using var onA = await a.ConnectAsync(WithoutHandshake);
        await using var onB = await b.ConnectAsync(WithoutHandshake);
        await TalkAsync(onB);
        await b.GetSessionsAsync();
        await TalkAsync(onA);
        await a.GetSessionsAsync();

        await a.DisposeAsync();
        Assert.Equal(SessionState.Closed, Assert.Single(await b.GetSessionsAsync()).State);
        await TalkAsync(onB);

        var session = Assert.Single(await b.GetSessionsAsync());
        Assert.Equal((SessionState.Active, SessionStatus.Active, null), (session.State, session.Status, session.CloseReason));
    }

    [Fact]
    public async Task StatelessClient_AfterARestart_GoesOnWithItsSession()
    {
        var store = new InMemorySessionStore();
        await using (var before = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store))
        {
            await using var client = await before.ConnectAsync(WithoutHandshake);
            await TalkAsync(client);
        }

        Assert.Equal("the process stopped", (await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken)).CloseReason);
        await using var after = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store);
        await using var again = await after.ConnectAsync(WithoutHandshake);

        var session = Assert.Single(await after.GetSessionsAsync());
        Assert.Equal((14, SessionState.Active, SessionStatus.Active, null), (session.FrameCount, session.State, session.Status, session.CloseReason));
        Assert.Single(session.VersionState!.Attempts);
    }

    [Fact]
    public async Task StatelessClient_SilentForLong_BeginsASession()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromDays(1) }, clock);
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, store, services: services =>
                services.AddSingleton<TimeProvider>(clock).Configure<SessionRecordingOptions>(options => options.WriteDelay = TimeSpan.Zero));
        await using var client = await server.ConnectAsync(WithoutHandshake);
        await server.GetSessionsAsync();

        clock.Advance(TimeSpan.FromMinutes(29));
        await TalkAsync(client);
        Assert.Equal(SessionState.Active, Assert.Single(await server.GetSessionsAsync()).State);

        clock.Advance(TimeSpan.FromMinutes(40));
        await Poll.UntilAsync(async () => (await server.GetSessionsAsync())[0].State == SessionState.Closed, "the silent session is closed");
        await TalkAsync(client);

        var sessions = await server.GetSessionsAsync();
        Assert.Equal([12, 10], sessions.Select(session => session.FrameCount));
        Assert.Equal(
            (SessionStatus.TimedOut, "no further message came", SessionStatus.Active), (sessions[0].Status, sessions[0].CloseReason, sessions[1].Status));
    }

    [Fact]
    public async Task StatefulSession_ServerStops_ClosesIt()
    {
        var store = new InMemorySessionStore();
        var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateful, store);
        var client = await server.ConnectAsync(WithHandshake);

        await server.DisposeAsync();

        var session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((SessionState.Closed, "the process stopped"), (session.State, session.CloseReason));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task StatefulSession_ServerStopsAndAnotherGoesOn_StaysOpen()
    {
        var store = new InMemorySessionStore();
        var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateful, store, options => options.CloseOnShutdown = false);
        var client = await server.ConnectAsync(WithHandshake);

        await server.DisposeAsync();

        var session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((SessionState.Active, SessionStatus.Active), (session.State, session.Status));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Filters_OfTheServer_ChangeNothingOfWhatTheClientSaidAndEverythingOfWhatItHears()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, services: services => services.Configure<ModelContextProtocol.Server.McpServerOptions>(options =>
        {
            options.Filters.Message.IncomingFilters.Add(next => (context, cancellationToken) =>
            {
                if (context.JsonRpcMessage is JsonRpcRequest { Method: "tools/call", Params: { } parameters })
                {
                    parameters["arguments"]!["text"] = "changed";
                }

                return next(context, cancellationToken);
            });
            options.Filters.Message.OutgoingFilters.Add(next => (context, cancellationToken) =>
            {
                if (context.JsonRpcMessage is JsonRpcResponse { Result: { } result } && result["content"] is not null)
                {
                    result["added"] = true;
                }

                return next(context, cancellationToken);
            });
        }));
        await using var client = await server.ConnectAsync(WithoutHandshake);

        var heard = await EchoAsync(client, "said");

        var frames = await server.GetFramesAsync(Assert.Single(await server.GetSessionsAsync()));
        Assert.Equal("changed", Assert.IsType<TextContentBlock>(heard.Content[0]).Text);
        Assert.Contains("\"said\"", Text(frames[^2]), StringComparison.Ordinal);
        Assert.Contains("\"added\":true", Text(frames[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreAway_Calls_GoOnAndTheirMessagesAreCounted()
    {
        var store = new BreakableStore();
        store.TakeAway();
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store, options => options.MaxQueuedMessages = 10);
        await using var client = await server.ConnectAsync(WithoutHandshake);

        for (var i = 0; i < 20; i++)
        {
            await EchoAsync(client, $"{i}");
        }

        Assert.Equal((10, 32), (server.Recorder.QueuedMessages, server.Recorder.DroppedMessages));
        store.Break(null);
        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal(10, session.FrameCount);
        await EchoAsync(client, "behind the gap");
        await server.GetSessionsAsync();
        Assert.Equal("32", (await server.GetFramesAsync(session))[10].Metadata["recording.dropped"]);
    }

    [Fact]
    public async Task Correlator_Replaced_Decides()
    {
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, services: services => services.AddSingleton<ISessionCorrelator>(new ByTool()));
        await using var client = await server.ConnectAsync(WithoutHandshake);

        await TalkAsync(client);

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(["echo", "count", "nope"], sessions.Where(session => session.Boundary == SessionBoundary.Correlated).Select(session => session.CorrelationKey));
    }

    [Fact]
    public async Task Correlator_Fails_LosesNothing()
    {
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, services: services => services.AddSingleton<ISessionCorrelator>(new ByTool { Fails = true }));
        await using var client = await server.ConnectAsync(WithoutHandshake);

        await TalkAsync(client);

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(12, sessions.Sum(session => session.FrameCount));
        Assert.All(sessions, session => Assert.Equal(SessionBoundary.Exchange, session.Boundary));
    }

    [Fact]
    public async Task StartAsync_WithoutAStore_SaysWhatIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddMcpServer().WithHttpTransport().WithSessionRecording();
        await using var application = builder.Build();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => application.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("AddShadowcatSessions", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithSessionRecording_CalledTwice_RecordsOnce()
    {
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, services: services => services.AddMcpServer().WithSessionRecording(options => options.Tags = ["twice"]));
        await using var client = await server.ConnectAsync(WithoutHandshake);

        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal(2, session.FrameCount);
        Assert.Equal(["twice"], session.Tags.Select(tag => tag.Value));
    }

    [Fact]
    public void WithSessionRecording_StoreTakesLessInAFrame_RecordsNoMore()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(options => options.MaxFrameBytes = 1000);
        services.AddMcpServer().WithSessionRecording();
        using var provider = services.BuildServiceProvider();

        Assert.Equal(1000, provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<SessionRecordingOptions>>().Value.MaxFrameBytes);
    }

    private static async Task TalkAsync(McpClient client)
    {
        var stop = TestContext.Current.CancellationToken;
        await client.ListToolsAsync(cancellationToken: stop);
        await EchoAsync(client, "hello");
        await client.CallToolAsync(
            "count", new Dictionary<string, object?> { ["steps"] = 2 }, new Progress<ProgressNotificationValue>(), cancellationToken: stop);
        await Assert.ThrowsAsync<McpProtocolException>(() => client.CallToolAsync("nope", cancellationToken: stop).AsTask());
    }

    private static ValueTask<CallToolResult> EchoAsync(McpClient client, string text) =>
        client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = text }, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<Session> EndedAsync(RecordedServer server)
    {
        await Poll.UntilAsync(
            async () => (await server.GetSessionsAsync()).TrueForAll(session => session.State == SessionState.Closed), "the server has ended the session");
        return Assert.Single(await server.GetSessionsAsync());
    }

    /// <summary>Every request has one answer behind it, and every answer a request.</summary>
    private static void AssertAnsweredOnce(List<MessageEnvelope> frames)
    {
        HashSet<(string?, RequestId)> asked = [];
        foreach (var frame in frames.Where(frame => frame.RequestId is not null))
        {
            var key = (frame.ExchangeId, frame.RequestId!.Value);
            Assert.True(frame.Direction == MessageDirection.ClientToServer ? asked.Add(key) : asked.Remove(key), $"{frame.Sequence} {frame.Kind} {key}");
        }

        Assert.Empty(asked);
    }

    private static string Text(MessageEnvelope frame) => System.Text.Encoding.UTF8.GetString(frame.Payload.Span);

    private sealed class ByTool : ISessionCorrelator
    {
        public bool Fails { get; init; }

        public SessionCorrelation Correlate(CorrelationContext context) =>
            Fails ? throw new InvalidOperationException("no")
            : context.Message is JsonRpcRequest { Method: "tools/call", Params: { } parameters } ? SessionCorrelation.ByKey((string)parameters["name"]!)
            : SessionCorrelation.Exchange;
    }
}
