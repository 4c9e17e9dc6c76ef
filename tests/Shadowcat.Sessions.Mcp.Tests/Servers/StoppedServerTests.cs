using ModelContextProtocol.AspNetCore;
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
}
