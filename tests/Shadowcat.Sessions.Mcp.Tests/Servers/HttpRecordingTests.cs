using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.Tests.Recording;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Servers over Streamable HTTP with one line more, and clients of the C# SDK: every message is recorded once, as it was said.</summary>
public sealed class HttpRecordingTests
{
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
        Assert.Equal(TransportSessionIds.ToRecordedText(transportId!), session.TransportSessionId);
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
        Assert.Equal("server=test-server&client=test-client/1.0&address=loopback", session.CorrelationKey);
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
    public async Task Filters_OfTheServer_ChangeOutgoingMessagesOnly()
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

        var answer = await EchoAsync(client, "said");

        var frames = await server.GetFramesAsync(Assert.Single(await server.GetSessionsAsync()));
        Assert.Equal("changed", Assert.IsType<TextContentBlock>(answer.Content[0]).Text);
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

    private static async Task<Session> EndedAsync(RecordedServer server)
    {
        await Poll.UntilAsync(
            async () => (await server.GetSessionsAsync()).TrueForAll(session => session.State == SessionState.Closed), "the server has ended the session");
        return Assert.Single(await server.GetSessionsAsync());
    }

    private static string Text(MessageEnvelope frame) => System.Text.Encoding.UTF8.GetString(frame.Payload.Span);
}
