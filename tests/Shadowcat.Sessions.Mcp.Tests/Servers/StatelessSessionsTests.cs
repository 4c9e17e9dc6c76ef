using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Which messages of a server without sessions of its own are recorded as one.</summary>
public sealed class StatelessSessionsTests
{
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
    public async Task StatelessClient_IdleForLong_BeginsASession()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromDays(1) }, timeProvider: clock);
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

    private sealed class ByTool : ISessionCorrelator
    {
        public bool Fails { get; init; }

        public SessionCorrelation Correlate(CorrelationContext context) =>
            Fails ? throw new InvalidOperationException("no")
            : context.Message is JsonRpcRequest { Method: "tools/call", Params: { } parameters } ? SessionCorrelation.ByKey((string)parameters["name"]!)
            : SessionCorrelation.Exchange;
    }
}
