using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.Mcp.Tests.Recording;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>What becomes of sessions that are open when their server stops.</summary>
public sealed class StoppedServerTests
{
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

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task StatefulSession_ServerStopsAndAnotherContinuesIt_StaysOpen(bool closesOnShutdown, bool sessionsMigrate)
    {
        var store = new InMemorySessionStore();
        var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateful, store, options =>
        {
            options.CloseOnShutdown = closesOnShutdown;
            options.SessionsMigrate = sessionsMigrate;
        });
        var client = await server.ConnectAsync(WithHandshake);

        await server.DisposeAsync();

        var session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((SessionState.Active, SessionStatus.Active), (session.State, session.Status));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task HostStops_AndIsNotDisposed_WritesWhatIsQueuedAndClosesTheSessions()
    {
        var store = new InMemorySessionStore();
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless, store, options => options.WriteDelay = TimeSpan.FromSeconds(10));
        await using var client = await server.ConnectAsync(WithoutHandshake);
        for (var i = 0; i < 20; i++)
        {
            await EchoAsync(client, $"{i}");
        }

        await server.StopAsync();

        var session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((42, SessionState.Closed, "the process stopped"), (session.FrameCount, session.State, session.CloseReason));
    }

    [Fact]
    public async Task HostStops_AndTheStoreIsAway_CountsWhatIsLostAndLogsIt()
    {
        var store = new BreakableStore();
        var log = new LogEntries();
        store.TakeAway();
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, store, services: services => services.AddSingleton<ILogger<SessionRecorder>>(log));
        await using var client = await server.ConnectAsync(WithoutHandshake);
        await EchoAsync(client, "lost");

        await server.StopAsync();

        Assert.Equal((0, 4), (server.Recorder.QueuedMessages, server.Recorder.DroppedMessages));
        Assert.Contains(log.Messages, message => message.Contains("4 messages were not recorded", StringComparison.Ordinal));
    }

    private sealed class LogEntries : ILogger<SessionRecorder>
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));
    }
}
