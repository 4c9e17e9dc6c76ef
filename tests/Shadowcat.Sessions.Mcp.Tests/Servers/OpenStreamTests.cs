using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>What is open is not idle: a session ends where nothing is open and nothing is said, and where nobody can be at the other end any more.</summary>
public sealed class OpenStreamTests
{
    private const string Listen = """{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""";
    private const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""";
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    private static readonly TimeSpan LongerThanIdle = TimeSpan.FromMinutes(40);

    private readonly Listening _listening = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly InMemorySessionStore _store;

    public OpenStreamTests() => _store = new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromHours(1) }, timeProvider: _clock);

    [Fact]
    public async Task Listening_LongerThanIdleAndTimeToLive_StaysOneActiveSession()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();
        using var response = await RawRequests.PostAsync(client, server.Endpoint, Listen);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Contains("acknowledged", await RawRequests.NextEventAsync(stream), StringComparison.Ordinal);
        var begun = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal(SessionState.Active, begun.State);

        for (var i = 0; i < 12; i++)
        {
            await PassAsync(LongerThanIdle / 4, server);
        }

        Assert.Equal((SessionState.Active, SessionStatus.Active), Stands(Assert.Single(await server.GetSessionsAsync())));
        _listening.Say(NotificationMethods.ToolListChangedNotification);
        Assert.Contains("list_changed", await RawRequests.NextEventAsync(stream), StringComparison.Ordinal);
        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal((begun.Id, 3, SessionState.Active), (session.Id, session.FrameCount, session.State));
    }

    [Fact]
    public async Task Listening_AtAnotherReplica_KeepsTheSessionOpenHere()
    {
        var storeOfB = new BreakableStore(_store);
        await using var a = await StartAsync();
        await using var b = await StartAsync(store: storeOfB);
        using var client = new HttpClient();
        using var response = await RawRequests.PostAsync(client, a.Endpoint, Listen);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await RawRequests.NextEventAsync(stream);
        await a.GetSessionsAsync();
        await RawRequests.CallAsync(client, b.Endpoint, List);
        await b.GetSessionsAsync();
        var callsBefore = storeOfB.Calls;

        for (var i = 0; i < 4; i++)
        {
            await PassAsync(LongerThanIdle / 4, a);
        }

        await Poll.UntilAsync(() => Task.FromResult(storeOfB.Calls > callsBefore), "the session fell silent where nothing is open");
        Assert.Equal((SessionState.Active, SessionStatus.Active), Stands(Assert.Single(await b.GetSessionsAsync())));
        await RawRequests.CallAsync(client, b.Endpoint, List);
        var session = Assert.Single(await b.GetSessionsAsync());
        Assert.Equal((6, SessionState.Active), (session.FrameCount, session.State));
    }

    [Fact]
    public async Task Call_LongerThanIdle_IsAnsweredInItsSession()
    {
        var gate = new SlowTools.Gate();
        await using var server = await StartAsync(gate, usesClientAddresses: false);
        using var client = new HttpClient();
        var calling = RawRequests.CallAsync(client, server.Endpoint, Call);
        await gate.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);

        for (var i = 0; i < 4; i++)
        {
            await PassAsync(LongerThanIdle, server);
        }

        gate.Open.SetResult();
        await calling;

        await Poll.UntilAsync(async () => (await server.GetSessionsAsync())[0].State == SessionState.Closed, "the exchange is over");
        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal((2, SessionStatus.Completed, "the request was answered"), (session.FrameCount, session.Status, session.CloseReason));
    }

    [Fact]
    public async Task Listening_ClientVanishedWithoutAWord_EndsAfterTheOpenTimeoutAndGoesOnWhereItDidNot()
    {
        await using var server = await StartAsync(openTimeout: TimeSpan.FromHours(1));
        using var client = new HttpClient();
        using var response = await RawRequests.PostAsync(client, server.Endpoint, Listen);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await RawRequests.NextEventAsync(stream);
        await server.GetSessionsAsync();

        for (var i = 0; i < 5; i++)
        {
            await PassAsync(LongerThanIdle / 4, server);
        }

        _clock.Advance(LongerThanIdle / 2);
        await Poll.UntilAsync(async () => (await server.GetSessionsAsync()) is [{ State: SessionState.Closed, Status: SessionStatus.TimedOut }], "the session ends");

        _listening.Say(NotificationMethods.ToolListChangedNotification);
        await RawRequests.NextEventAsync(stream);
        Assert.Equal((SessionState.Active, SessionStatus.Active), Stands(Assert.Single(await server.GetSessionsAsync())));
    }

    [Fact]
    public async Task Session_Evicted_IsClosedAndReopenedByAFurtherMessage()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, _store, options => options.MaxOpenSessions = 1);
        await using var first = await server.ConnectAsync(HttpConversation.WithoutHandshake, "first");
        await HttpConversation.EchoAsync(first, "1");
        await using var second = await server.ConnectAsync(HttpConversation.WithoutHandshake, "second");
        await HttpConversation.EchoAsync(second, "2");

        var evicted = (await server.GetSessionsAsync()).Single(session => session.ClientInfo?.Name == "first");
        Assert.Equal((SessionState.Closed, SessionStatus.TimedOut, "too many sessions were open"), (evicted.State, evicted.Status, evicted.CloseReason));

        await HttpConversation.EchoAsync(first, "3");
        var sessions = await server.GetSessionsAsync();
        Assert.Equal(2, sessions.Count);
        Assert.Equal((SessionState.Active, SessionStatus.Active), Stands(sessions.Single(session => session.ClientInfo?.Name == "first")));
    }

    [Fact]
    public async Task Exchange_EvictedWhileItIsOpen_IsClosedWhenItIsAnswered()
    {
        var gate = new SlowTools.Gate();
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless,
            _store,
            options => (options.MaxOpenSessions, options.UsesClientAddresses) = (1, false),
            services => services.AddSingleton(gate).AddMcpServer().WithTools<SlowTools>());
        using var raw = new HttpClient();
        var calling = RawRequests.CallAsync(raw, server.Endpoint, Call);
        await gate.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);
        await using var other = await server.ConnectAsync(HttpConversation.WithoutHandshake, "other");
        await HttpConversation.EchoAsync(other, "2");

        gate.Open.SetResult();
        await calling;

        await Poll.UntilAsync(async () => (await server.GetSessionsAsync()).Exists(session => session.State == SessionState.Closed), "the exchange is closed");
        var session = (await server.GetSessionsAsync()).Single(session => session.Boundary == SessionBoundary.Exchange);
        Assert.Equal((2, "the request was answered"), (session.FrameCount, session.CloseReason));
    }

    private Task<RecordedServer> StartAsync(SlowTools.Gate? gate = null, TimeSpan? openTimeout = null, ISessionStore? store = null, bool usesClientAddresses = true) => RecordedServer.StartAsync(
        HttpServerSessionMode.Stateless,
        store ?? _store,
        options => (options.OpenTimeout, options.UsesClientAddresses) = (openTimeout ?? TimeSpan.FromDays(1), usesClientAddresses),
        services =>
        {
            services.AddSingleton<TimeProvider>(_clock).Configure<SessionRecordingOptions>(options => options.WriteDelay = TimeSpan.Zero);
            _listening.AddTo(services);
            services.AddSingleton(gate ?? new SlowTools.Gate()).AddMcpServer().WithTools<SlowTools>();
        });

    /// <summary>Lets time pass, until the store knows that the session is alive.</summary>
    private async Task PassAsync(TimeSpan time, RecordedServer server)
    {
        var before = _clock.GetUtcNow();
        _clock.Advance(time);
        await Poll.UntilAsync(async () => (await server.GetSessionsAsync()) is [var session] && session.LastActivity > before, "the session is kept alive");
    }

    private static (SessionState State, SessionStatus Status) Stands(Session session) => (session.State, session.Status);
}
