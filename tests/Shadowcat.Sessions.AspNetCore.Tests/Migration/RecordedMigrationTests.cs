using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Recording and migration share the record of a session.</summary>
public sealed class RecordedMigrationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_OverTwoReplicas_IsOneRecord()
    {
        var store = new InMemorySessionStore();
        using var alice = new RawClient("alice");
        await using var a = await StartAsync(store);
        await using var b = await StartAsync(store);

        var session = await alice.BeginAsync(a);
        await alice.KnownAsync(a, session);
        await a.DrainAsync(); // each replica writes in its own time
        await alice.KnownAsync(b, session);
        await b.DrainAsync();

        var record = Assert.Single(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal((TransportSessionIds.ToRecordedText(session), "alice", "2025-11-25"), (record.TransportSessionId, record.Owner!.Value, record.VersionState!.Negotiated));
        Assert.Contains(new SessionTag("mine"), record.Tags);
        Assert.Equal(TimeSpan.FromHours(7), record.TimeToLive);
        var frames = await store.GetFramesAsync(record.Id, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(["migration/client", "initialize", null, "tools/call", null, "tools/call", null], frames.Select(frame => frame.Method));
        Assert.Equal(MessageDirection.Internal, frames[0].Direction);
    }

    [Fact]
    public async Task Replica_ThatStops_LeavesTheRecordOpenForTheOther()
    {
        var store = new InMemorySessionStore();
        using var alice = new RawClient("alice");
        await using var b = await StartAsync(store);
        string session;
        await using (var a = await StartAsync(store))
        {
            session = await alice.BeginAsync(a);
            await alice.KnownAsync(a, session);
        }

        Assert.NotEqual(SessionState.Closed, (await store.GetSessionAsync(TransportSessionIds.ToSessionId(session), Ct))!.State);
        Assert.Equal(HttpStatusCode.OK, (await alice.KnownAsync(b, session)).Status);
    }

    [Fact]
    public async Task Deleted_Session_IsClosedAndWhatWasRecordedStays()
    {
        var store = new InMemorySessionStore();
        using var alice = new RawClient("alice");
        await using var a = await StartAsync(store);
        var session = await alice.BeginAsync(a);
        await alice.KnownAsync(a, session);

        Assert.Equal(HttpStatusCode.OK, await alice.StatusAsync(a, session, HttpMethod.Delete));
        await a.DrainAsync();

        var record = (await store.GetSessionAsync(TransportSessionIds.ToSessionId(session), Ct))!;
        Assert.Equal((SessionState.Closed, "the client ended the session", 5), (record.State, record.CloseReason, record.FrameCount));
        Assert.Equal(HttpStatusCode.NotFound, (await alice.KnownAsync(a, session)).Status);
    }

    private static Task<TestReplica> StartAsync(ISessionStore store) => TestReplica.StartAsync(store, server => server.WithSessionRecording(options =>
    {
        options.Tags = ["mine"];
        options.TimeToLive = TimeSpan.FromHours(7);
    }));
}
