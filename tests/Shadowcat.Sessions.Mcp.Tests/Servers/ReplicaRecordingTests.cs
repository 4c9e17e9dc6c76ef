using ModelContextProtocol.AspNetCore;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Servers that record into one store, side by side or one after the other, go on with the same sessions.</summary>
public sealed class ReplicaRecordingTests
{
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
}
