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

    [Theory]
    [InlineData(null, null)]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Original-For", "192.0.2.1")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("CF-Connecting-IP", "192.0.2.1")]
    public async Task StatelessServer_NothingToTellBy_IsASessionForEachExchange(string? header, string? value)
    {
        // Without a header, because it is not wanted; else because all clients behind a proxy look the same.
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, configure: options => options.UsesClientAddresses = header is not null);
        await using (var client = await server.ConnectAsync(WithHandshake, headers: header is null ? null : new Dictionary<string, string> { [header] = value! }))
        {
            await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        // Sessions that begin in one millisecond are listed in any order.
        var sessions = await server.GetSessionsAsync();
        var ends = await sessions.ToAsyncEnumerable()
            .Select(async (session, _, _) => ((await server.GetFramesAsync(session))[0].Method, session.CloseReason)).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [("initialize", "the request was answered"), ("notifications/initialized", "there was nothing to answer"), ("tools/list", "the request was answered")],
            ends.OrderBy(end => end.Method, StringComparer.Ordinal));
        Assert.All(sessions, session => Assert.Equal((SessionBoundary.Exchange, SessionState.Closed), (session.Boundary, session.State)));
    }

    [Fact]
    public async Task StatelessServer_ClientsOfNobodyWithHandshake_AreASessionEach()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        foreach (var name in new[] { "one", "two", "three" })
        {
            await RunAsync(server, name);
        }

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(["one", "two", "three"], sessions.Select(session => session.ClientInfo?.Name));
        Assert.Equal([13, 13, 13], sessions.Select(session => session.FrameCount));
        Assert.All(sessions, session => Assert.Equal((SessionBoundary.Correlated, SessionState.Active, WithHandshake), (session.Boundary, session.State, session.VersionState?.Negotiated)));
        foreach (var session in sessions)
        {
            AssertAnsweredOnce(await server.GetFramesAsync(session));
        }
    }

    /// <summary>What cannot be distinguished is a session of its own: there may be more than the clients, but none is of two of them.</summary>
    [Fact]
    public async Task StatelessServer_ClientsOfNobodyAtOnce_AreNotJoined()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);

        await Task.WhenAll(RunAsync(server, "one"), RunAsync(server, "two"), RunAsync(server, "three"));

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(["one", "three", "two"], sessions.Select(session => session.ClientInfo?.Name).OfType<string>().Order());
        Assert.Equal(39, sessions.Sum(session => session.FrameCount));
        foreach (var session in sessions)
        {
            // Each client gives its requests the same ids.
            var asked = (await server.GetFramesAsync(session)).Where(frame => frame.Kind == MessageKind.Request).Select(frame => frame.RequestId).ToList();
            Assert.Equal(asked.Distinct().Count(), asked.Count);
        }
    }

    private static async Task RunAsync(RecordedServer server, string name)
    {
        await using var client = await server.ConnectAsync(WithHandshake, name);
        await TalkAsync(client);
    }

    [Fact]
    public async Task StatelessServer_ClientWhoseConnectionsClose_IsOneSession()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);

        for (var i = 0; i < 4; i++)
        {
            using var connection = new HttpClient();
            await RawRequests.CallOlderAsync(connection, server.Endpoint, i == 0
                ? """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"""
                : $$"""{"jsonrpc":"2.0","id":{{i}},"method":"tools/list"}""");
        }

        Assert.Equal(8, Assert.Single(await server.GetSessionsAsync()).FrameCount);
    }

    [Theory]
    [InlineData(WithHandshake)]
    [InlineData(WithoutHandshake)]
    public async Task StatelessServer_OtherCredentialsThatItDoesNotCheck_AreAnotherSession(string version)
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        foreach (var token in new[] { "one-secret", "other-secret" })
        {
            await using var client = await server.ConnectAsync(version, headers: new Dictionary<string, string> { ["X-Api-Key"] = token });
            await TalkAsync(client);
        }

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(2, sessions.Count);
        Assert.All(sessions, session =>
        {
            Assert.DoesNotContain("secret", $"{session}", StringComparison.Ordinal);
            Assert.Matches("^server=test-server&connection=[0-9a-f]{32}$", session.CorrelationKey);
        });
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
        Assert.Equal(
            ["count", "echo", "nope"], sessions.Where(session => session.Boundary == SessionBoundary.Correlated).Select(session => session.CorrelationKey).Order(StringComparer.Ordinal));
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
