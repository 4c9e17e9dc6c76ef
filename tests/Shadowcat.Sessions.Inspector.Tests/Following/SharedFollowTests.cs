using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>Several pages that follow the same session.</summary>
public sealed class SharedFollowTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_ByManyPages_AsksTheStoreOnce()
    {
        var recorded = await RecordAsync(3);
        var store = new CountingStore(recorded.Store);
        await using var application = await StartAsync(store);
        using (var one = await OpenAsync(application, recorded, 0))
        using (var other = await OpenAsync(application, recorded, 0))
        {
            await one.FramesUntilAsync(2);
            await other.FramesUntilAsync(2);
            await AddAsync(recorded, 1);

            Assert.Equal(3, Assert.Single(await one.FramesUntilAsync(3)).GetProperty("s").GetInt64());
            Assert.Equal(3, Assert.Single(await other.FramesUntilAsync(3)).GetProperty("s").GetInt64());
            Assert.Equal(1, store.Begun);
        }

        await store.NoneIsFollowing();
        using var later = await OpenAsync(application, recorded, 3);
        Assert.Equal(3, Assert.Single(await later.FramesUntilAsync(3)).GetProperty("s").GetInt64());
        Assert.Equal(2, store.Begun);
    }

    [Fact]
    public async Task Follow_FromTheMiddleOfWhatOthersAreTold_BeginsThere()
    {
        var recorded = await RecordAsync(5);
        var store = new CountingStore(recorded.Store);
        await using var application = await StartAsync(store);
        using var one = await OpenAsync(application, recorded, 0);
        await one.FramesUntilAsync(4);

        using var other = await OpenAsync(application, recorded, 3);

        Assert.Equal([3, 4], (await other.FramesUntilAsync(4)).Select(static frame => frame.GetProperty("s").GetInt64()));
        Assert.Equal(1, store.Begun);
    }

    /// <summary>What one reads that was behind, and what the other follows, becomes one.</summary>
    [Fact]
    public async Task Follow_ByAPageThatCatchesUp_GoesOnWithTheOthers()
    {
        const int Many = 3000;
        var recorded = await RecordAsync(Many);
        var store = new CountingStore(recorded.Store);
        await using var application = await StartAsync(store);
        using var live = await OpenAsync(application, recorded, Many - 1);
        await live.FramesUntilAsync(Many - 1);
        using var behind = await OpenAsync(application, recorded, 0);

        var frames = await behind.FramesUntilAsync(Many - 1);
        await AddAsync(recorded, 2);

        Assert.Equal(Enumerable.Range(0, Many), frames.Select(static frame => frame.GetProperty("s").GetInt32()));
        Assert.Equal(Many, (await live.FramesUntilAsync(Many + 1))[0].GetProperty("s").GetInt64());
        Assert.Equal(Many, (await behind.FramesUntilAsync(Many + 1))[0].GetProperty("s").GetInt64());
        Assert.Equal(1, store.Begun);
    }

    [Fact]
    public async Task Follow_ByAPageBesideOneThatReadsNothing_GoesOn()
    {
        const int Most = 300_000;
        var recorded = await RecordAsync(0);
        var store = new TorrentStore(recorded.Store, Most);
        await using var application = await StartAsync(store);
        using var still = await OpenAsync(application, recorded, 0);
        using var reader = await OpenAsync(application, recorded, 0);

        Assert.Equal(Most - 1, (await reader.FramesUntilAsync(Most - 1))[^1].GetProperty("s").GetInt64());
    }

    [Fact]
    public async Task Follow_ByPagesOfAnOutage_TellsEachThatItIsOver()
    {
        var recorded = await RecordAsync(1);
        var store = new FailingStore(recorded.Store);
        await using var application = await StartAsync(store);
        using var one = await OpenAsync(application, recorded, 0);
        using var other = await OpenAsync(application, recorded, 0);
        await one.FramesUntilAsync(0);
        await other.FramesUntilAsync(0);

        store.IsAway = true;
        await one.NextAsync("away");
        await other.NextAsync("away");
        store.IsAway = false;
        await one.NextAsync("live");
        await other.NextAsync("live");
        await recorded.Store.CloseSessionAsync(recorded.Session.Id, SessionStatus.Completed, "done", Ct);

        Assert.Equal("closed", (await one.NextAsync("end")).GetProperty("reason").GetString());
        Assert.Equal("closed", (await other.NextAsync("end")).GetProperty("reason").GetString());
    }

    /// <summary>The id that a page follows becomes that of another's session.</summary>
    [Fact]
    public async Task Follow_ASessionThatAnotherUserReplaces_IsGone()
    {
        var store = new InMemorySessionStore();
        var alices = await Recorded.BeginAsync(store, Recorded.OwnedBy("alice"));
        await using var application = await InspectedApplication.StartAsync(store, static options => options.OwnerOnly = true, services => services.AddSingleton<TimeProvider>(_clock));
        using var events = await EventReader.OpenAsync(application, $"api/sessions/{alices.Session.Id}/follow", _clock, "alice");
        await events.NextAsync("session");

        await store.DeleteSessionAsync(alices.Session.Id, Ct);
        await Recorded.BeginAsync(store, new Session(alices.Session.Id, TransportType.Stdio) { Owner = Recorded.OwnedBy("bob").Owner });
        var (type, _, data) = await events.NextAsync();

        Assert.Equal(("end", "gone"), (type, data.GetProperty("reason").GetString()));
        Assert.True(await events.IsEndedAsync());
    }

    private Task<InspectedApplication> StartAsync(ISessionStore store) =>
        InspectedApplication.StartAsync(store, services: services => services.AddSingleton<TimeProvider>(_clock));

    private Task<EventReader> OpenAsync(InspectedApplication application, Recorded recorded, int from) =>
        EventReader.OpenAsync(application, $"api/sessions/{recorded.Session.Id}/follow?from={from}", _clock);

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

    /// <summary>Counts who follows.</summary>
    private sealed class CountingStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _begun;
        private int _open;

        /// <summary>How often following began.</summary>
        public int Begun => Volatile.Read(ref _begun);

        /// <summary>Completes when all that had begun has ended.</summary>
        public Task NoneIsFollowing() => _ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);

        public override async IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _begun);
            Interlocked.Increment(ref _open);
            try
            {
                await foreach (var frame in base.FollowFramesAsync(id, range, cancellationToken))
                {
                    yield return frame;
                }
            }
            finally
            {
                if (Interlocked.Decrement(ref _open) == 0)
                {
                    _ended.TrySetResult();
                }
            }
        }
    }
}
