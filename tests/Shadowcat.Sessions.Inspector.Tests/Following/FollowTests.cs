using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>A session that is followed, through all that can happen to it.</summary>
public sealed class FollowTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_AnOpenSession_SendsWhatIsThereAndWhatComes()
    {
        var recorded = await RecordAsync(3);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);

        var first = await events.NextAsync();
        var before = await events.FramesUntilAsync(2);
        await AddAsync(recorded, 2);
        var after = await events.FramesUntilAsync(4);

        Assert.Equal(("session", recorded.Session.Id.Value), (first.Type, first.Data.GetProperty("id").GetString()));
        Assert.Equal([0, 1, 2, 3, 4], before.Concat(after).Select(static frame => frame.GetProperty("s").GetInt64()));
        Assert.Equal("n", after[^1].GetProperty("m").GetString());
    }

    [Fact]
    public async Task Follow_FromASequence_BeginsThereAndSaysWhereToGoOn()
    {
        var recorded = await RecordAsync(5);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded, "?from=3");
        using var resumed = await EventReader.OpenAsync(application, $"api/sessions/{recorded.Session.Id}/follow?from=0", _clock, user: null, ("Last-Event-ID", "4"));

        await events.NextAsync();
        var (type, id, data) = await events.NextAsync();

        Assert.Equal(("frames", "5", 3), (type, id, data[0].GetProperty("s").GetInt64()));
        Assert.Equal(4, (await resumed.FramesUntilAsync(4))[0].GetProperty("s").GetInt64());
    }

    [Fact]
    public async Task Follow_ManyFramesAtOnce_SendsThemInFewEvents()
    {
        var recorded = await RecordAsync(2000);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.NextAsync();

        var sizes = new List<int>();
        while (sizes.Sum() < 2000)
        {
            sizes.Add((await events.NextAsync("frames")).GetArrayLength());
        }

        Assert.Equal([500, 500, 500, 500], sizes);
    }

    /// <summary>More is written than a page takes: nothing is lost, and it is told how far it is behind.</summary>
    [Fact]
    public async Task Follow_ByAPageThatIsBehind_SaysHowFarAndComesLive()
    {
        var recorded = await RecordAsync(20_000);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.NextAsync("session");

        var (frames, said) = (new List<long>(), 0);
        while (frames.Count < 20_000)
        {
            var (type, _, data) = await events.NextAsync();
            frames.AddRange(type == "frames" ? data.EnumerateArray().Select(static frame => frame.GetProperty("s").GetInt64()) : []);
            said += type == "session" ? 1 : 0;
        }

        await AddAsync(recorded, 1);

        Assert.Equal(Enumerable.Range(0, 20_000).Select(static number => (long)number), frames);
        Assert.True(said > 0);
        Assert.Equal(20_000, (await events.FramesUntilAsync(20_000))[0].GetProperty("s").GetInt64());
    }

    [Fact]
    public async Task Follow_ASessionThatCloses_SaysHowAndEnds()
    {
        var recorded = await RecordAsync(1);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.FramesUntilAsync(0);

        await AddAsync(recorded, 1);
        await recorded.Store.CloseSessionAsync(recorded.Session.Id, SessionStatus.Failed, "it broke", Ct);
        var frames = await events.FramesUntilAsync(1);
        var session = await events.NextAsync("session");
        var end = await events.NextAsync("end");

        Assert.Equal(1, frames[^1].GetProperty("s").GetInt64());
        Assert.Equal(("failed", "closed", "it broke"), (session.GetProperty("status").GetString(), end.GetProperty("reason").GetString(), end.GetProperty("detail").GetString()));
        Assert.True(await events.IsEndedAsync());
    }

    [Fact]
    public async Task Follow_ASessionThatIsDeleted_SaysThatItIsGone()
    {
        var recorded = await RecordAsync(1);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.FramesUntilAsync(0);

        await recorded.Store.DeleteSessionAsync(recorded.Session.Id, Ct);

        Assert.Equal("gone", (await events.NextAsync("end")).GetProperty("reason").GetString());
        Assert.True(await events.IsEndedAsync());
    }

    [Fact]
    public async Task Follow_FramesThatWereTrimmed_SaysSo()
    {
        var recorded = await RecordAsync(5);
        await recorded.Store.DeleteFramesAsync(recorded.Session.Id, 3, Ct);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded, "?from=1");

        var end = await events.NextAsync("end");

        Assert.Equal("trimmed", end.GetProperty("reason").GetString());
        Assert.Contains("the oldest one that is kept is 3", end.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_FramesThatCannotBeRead_GoesOnBehindThem()
    {
        var recorded = await RecordAsync(4);
        await using var application = await StartAsync(new FailingStore(recorded.Store) { Unreadable = { 1, 2 } });
        using var events = await OpenAsync(application, recorded);

        var frames = await events.FramesUntilAsync(3);

        Assert.Equal([0, 1, 2, 3], frames.Select(static frame => frame.GetProperty("s").GetInt64()));
        Assert.Equal([false, true, true, false], frames.Select(static frame => frame.TryGetProperty("bad", out _)));
    }

    [Fact]
    public async Task Follow_ThroughAnOutage_SaysAwayAndLiveAndLosesNothing()
    {
        var recorded = await RecordAsync(1);
        var store = new FailingStore(recorded.Store);
        await using var application = await StartAsync(store);
        using var events = await OpenAsync(application, recorded);
        await events.FramesUntilAsync(0);

        store.IsAway = true;
        var away = await events.NextAsync("away");
        store.IsAway = false;
        await events.NextAsync("live");
        await AddAsync(recorded, 1);

        Assert.Equal("the server is away.", away.GetProperty("detail").GetString());
        Assert.Equal(1, (await events.FramesUntilAsync(1))[0].GetProperty("s").GetInt64());
    }

    /// <summary>The store is away before following has begun, which then fails instead of waiting.</summary>
    [Fact]
    public async Task Follow_ThatCannotBegin_BeginsWhenTheStoreIsBack()
    {
        var recorded = await RecordAsync(2);
        var store = new FailingStore(recorded.Store) { FailsFollowing = true };
        await using var application = await StartAsync(store);
        using var events = await OpenAsync(application, recorded);

        await events.NextAsync("away");
        store.FailsFollowing = false;

        var (frames, isLive) = (0, false);
        while (frames < 2 || !isLive)
        {
            var (type, _, data) = await events.NextAsync();
            frames += type == "frames" ? data.GetArrayLength() : 0;
            isLive |= type == "live";
            Assert.NotNull(type);
            Assert.NotEqual("away", type);
        }
    }

    [Fact]
    public async Task Follow_ASessionThatIsUpdated_SendsIt()
    {
        var recorded = await RecordAsync(1);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.NextAsync("session");

        await recorded.Store.UpdateSessionAsync(recorded.Session.Id, static session => session with { ClientInfo = Peer.Create("late", "1") }, Ct);

        Assert.Equal("late", (await events.NextAsync("session")).GetProperty("client").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Follow_InSilence_ShowsThatItIsThere()
    {
        var recorded = await RecordAsync(0);
        await using var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.NextAsync("session");
        var began = _clock.GetUtcNow();

        var (type, _, _) = await events.NextAsync();

        Assert.Null(type);
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Follow_ASessionThatIsNotThere_IsNotFound()
    {
        await using var application = await StartAsync(new InMemorySessionStore());

        Assert.Equal(HttpStatusCode.NotFound, (await application.GetAsync("api/sessions/none/follow")).Status);
    }

    [Fact]
    public async Task Follow_WhenTheServerStops_Ends()
    {
        var recorded = await RecordAsync(1);
        var application = await StartAsync(recorded.Store);
        using var events = await OpenAsync(application, recorded);
        await events.FramesUntilAsync(0);

        var stopping = application.DisposeAsync().AsTask();

        Assert.True(await events.IsEndedAsync());
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Ct);
    }

    /// <summary>What a page does not read is not taken from the store, so nothing piles up for it but what the connection holds.</summary>
    [Fact]
    public async Task Follow_ByAPageThatReadsNothing_WaitsForIt()
    {
        const long Most = 3_000_000;
        var recorded = await RecordAsync(0);
        var store = new TorrentStore(recorded.Store, Most);
        await using var application = await InspectedApplication.StartAsync(store);
        using var events = await EventReader.OpenAsync(application, $"api/sessions/{recorded.Session.Id}/follow");

        for (var (before, same) = (-1L, 0); same < 20; await Task.Delay(50, Ct))
        {
            (before, same) = (store.Taken, store.Taken == before ? same + 1 : 0);
        }

        var taken = store.Taken;
        Assert.InRange(taken, 1, Most / 2);
        await events.FramesUntilAsync(taken);
        Assert.True(store.Taken > taken);
    }

    private Task<InspectedApplication> StartAsync(ISessionStore store) =>
        InspectedApplication.StartAsync(store, services: services => services.AddSingleton<TimeProvider>(_clock));

    private Task<EventReader> OpenAsync(InspectedApplication application, Recorded recorded, string query = "") =>
        EventReader.OpenAsync(application, $"api/sessions/{recorded.Session.Id}/follow{query}", _clock);

    private static async Task<Recorded> RecordAsync(int frames)
    {
        var recorded = await Recorded.BeginAsync(session: new Session(SessionId.New(), TransportType.Stdio));
        await AddAsync(recorded, frames);
        return recorded;
    }

    private static async Task AddAsync(Recorded recorded, int frames)
    {
        for (var number = 0; number < frames; number++)
        {
            await recorded.ServerAsync("""{"jsonrpc":"2.0","method":"n"}""");
        }
    }
}
