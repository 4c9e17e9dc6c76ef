using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>Memory that nobody gives back: a store without a host frees what expired by itself, while it is written to.</summary>
public sealed class InMemoryFreeingTests
{
    private const int Many = 10_000;

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("create")]
    [InlineData("append")]
    [InlineData("touch")]
    [InlineData("update")]
    public async Task Expired_WithoutAHost_IsFreedByThoseWhoWrite(string write)
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        await FillAsync(store, Many);
        var lasting = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromDays(1) }, Ct);
        _clock.Advance(TimeSpan.FromHours(2));

        for (var i = 0; i < Many / 4; i++)
        {
            lasting = write switch
            {
                "update" => await store.UpdateSessionAsync(lasting, Ct),
                "create" => await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromDays(1) }, Ct),
                "touch" => await store.TouchSessionAsync(lasting.Id, Ct) ? lasting : throw new InvalidOperationException("it lives"),
                _ => await store.AddFrameAsync(Make.Frame(lasting.Id), Ct) >= 0 ? lasting : throw new InvalidOperationException("it lives"),
            };
        }

        Assert.InRange(store.KeptSessions, 1, write == "create" ? (Many / 4) + 10 : 10);
        Assert.Equal(Many, await store.ReapExpiredSessionsAsync(Ct));
        Assert.Equal(0, await store.ReapExpiredSessionsAsync(Ct));
    }

    [Fact]
    public async Task SteadyLoad_WithoutAHost_KeepsNoMoreThanLives()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        for (var minute = 0; minute < 300; minute++)
        {
            await FillAsync(store, 100);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(store.KeptSessions, 6000, 6300);
    }

    [Fact]
    public async Task Expired_FreedByAWriter_IsToldWhenItIsReaped()
    {
        var listener = new RecordingListener();
        var store = new InMemorySessionStore(timeProvider: _clock, listeners: [listener]);
        await FillAsync(store, 3);
        _clock.Advance(TimeSpan.FromHours(2));
        await FillAsync(store, 1);
        Assert.Equal(1, store.KeptSessions);
        Assert.Empty(listener.Notified);

        Assert.Equal(3, await store.ReapExpiredSessionsAsync(Ct));

        Assert.Equal(3, listener.Notified.Distinct().Count());
    }

    [Fact]
    public async Task Lifetime_Shortened_IsFreedThen()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromDays(10) }, Ct);
        await store.UpdateSessionAsync(session with { TimeToLive = TimeSpan.FromMinutes(1) }, Ct);
        _clock.Advance(TimeSpan.FromMinutes(2));

        await FillAsync(store, 1);

        Assert.Equal(1, store.KeptSessions);
    }

    [Fact]
    public async Task Expired_InTheMillisecondOfItsDeadline_IsFreed()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(1) }, Ct);
        _clock.Advance(session.ExpiresAt - _clock.GetUtcNow());

        await FillAsync(store, 1);

        Assert.Equal(1, store.KeptSessions);
    }

    [Fact]
    public async Task Expired_TouchedBeforeItsFirstDeadline_IsFreedAfterItsLast()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(60) }, Ct);
        _clock.Advance(TimeSpan.FromMinutes(30));
        await store.TouchSessionAsync(session.Id, Ct);
        _clock.Advance(TimeSpan.FromMinutes(45));
        var lasting = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromDays(1) }, Ct);
        Assert.Equal(2, store.KeptSessions);

        _clock.Advance(TimeSpan.FromMinutes(45));
        await store.TouchSessionAsync(lasting.Id, Ct);

        Assert.Equal(1, store.KeptSessions);
    }

    [Fact]
    public async Task Expired_StillKeptWhenItsIdIsUsedAgain_GivesItsPlaceToTheNewSession()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        var expired = await ExpiredBehindOthersAsync(store);

        var session = await store.CreateSessionAsync(new Session(expired.Id, TransportType.Stdio), Ct);

        Assert.Equal([session], await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(session, await store.GetSessionAsync(expired.Id, Ct));
    }

    [Fact]
    public async Task Expired_StillKeptWhenItsCreateIsRepeated_DoesNotComeBack()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        var expired = await ExpiredBehindOthersAsync(store);

        await Assert.ThrowsAsync<SessionNotFoundException>(() => store.CreateSessionAsync(expired, Ct).AsTask());

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    /// <summary>No single call pays for all that others left.</summary>
    [Fact]
    public async Task Expired_Many_AreFreedAFewWithEachWrite()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        await FillAsync(store, 1000);
        _clock.Advance(TimeSpan.FromHours(2));

        await FillAsync(store, 1);

        Assert.InRange(store.KeptSessions, 900, 1000);
    }

    [Fact]
    public async Task Deleted_ManyThatWouldHaveLivedLong_LeaveNothing()
    {
        var store = new InMemorySessionStore(timeProvider: _clock);
        for (var i = 0; i < Many; i++)
        {
            var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromDays(3650) }, Ct);
            await store.DeleteSessionAsync(session.Id, Ct);
        }

        Assert.InRange(store.KeptDeadlines, 0, 1001);
    }

    /// <summary>A session that has expired, and that no single write frees: others that expired earlier come first.</summary>
    private async Task<Session> ExpiredBehindOthersAsync(InMemorySessionStore store)
    {
        for (var i = 0; i < 20; i++)
        {
            await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(1) }, Ct);
        }

        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(2) }, Ct);
        _clock.Advance(TimeSpan.FromMinutes(3));
        return session;
    }

    private static async Task FillAsync(InMemorySessionStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await store.CreateSessionAsync(Make.Session(), Ct);
        }
    }
}
