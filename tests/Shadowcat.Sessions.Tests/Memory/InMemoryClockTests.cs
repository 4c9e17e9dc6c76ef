using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>A clock that is set back, or forth, ends no session that is in use, and brings none back.</summary>
public sealed class InMemoryClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Make.At);
    private readonly InMemorySessionStore _store;

    public InMemoryClockTests() => _store = new InMemorySessionStore(timeProvider: _clock);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("append")]
    [InlineData("touch")]
    public async Task Clock_SetBackAndRightAgain_EndsNoSessionInUse(string activity)
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _clock.Advance(10 * Minute);
        await UseAsync(session, activity);

        Set(-60 * Minute);
        for (var i = 0; i < 55; i++)
        {
            _clock.Advance(Minute);
            await UseAsync(session, activity);
        }

        Set(60 * Minute + 30 * Minute);

        // 85 minutes after its beginning, as it should be, and half an hour after its last activity.
        Assert.NotNull(await _store.GetSessionAsync(session.Id, Ct));
        await UseAsync(session, activity);
        _clock.Advance(59 * Minute);
        Assert.NotNull(await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Clock_SetBackAgainAndAgain_NeverTakesActivityBack()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        var (activity, end) = (session.LastActivity, session.ExpiresAt);
        for (var i = 0; i < 20; i++)
        {
            Set((i % 3) switch { 0 => -30 * Minute, 1 => 7 * Minute, _ => 20 * Minute });
            await _store.AddFrameAsync(Make.Frame(session.Id, i), Ct);
            var now = (await _store.GetSessionAsync(session.Id, Ct))!;
            Assert.True(now.LastActivity >= activity && now.ExpiresAt >= end && now.ExpiresAt >= now.LastActivity + now.TimeToLive, $"{now}");
            (activity, end) = (now.LastActivity, now.ExpiresAt);
        }
    }

    [Fact]
    public async Task Clock_SetBack_SessionsThatComeThenLiveAsLongAsAny()
    {
        Set(-60 * Minute);
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);

        _clock.Advance(59 * Minute);
        Assert.NotNull(await _store.GetSessionAsync(session.Id, Ct));
        _clock.Advance(2 * Minute);
        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clock_SetForthAndBack_BringsNothingBackThatHasEnded(bool isReaped)
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        Set(120 * Minute);
        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await _store.CountSessionsAsync(Ct));
        Assert.Equal(isReaped ? 1 : 0, isReaped ? await _store.ReapExpiredSessionsAsync(Ct) : 0);

        Set(-120 * Minute);

        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
        Assert.False(await _store.TouchSessionAsync(session.Id, Ct));
        Assert.Equal(0, await _store.CountSessionsAsync(Ct));
        Assert.Equal(isReaped ? 0 : 1, await _store.ReapExpiredSessionsAsync(Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clock_SetForthBetweenACreateAndItsRepetition_BringsNothingBack(bool isDeleted)
    {
        var session = Make.Session() with { TimeToLive = Minute };
        await _store.CreateSessionAsync(session, Ct);
        if (isDeleted)
        {
            await _store.DeleteSessionAsync(session.Id, Ct);
        }

        Set(60 * Minute);
        await _store.ReapExpiredSessionsAsync(Ct);

        await Assert.ThrowsAsync<SessionNotFoundException>(() => _store.CreateSessionAsync(session, Ct).AsTask());
        Assert.Equal(0, await _store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Ended_ManyGenerations_AreForgottenAfterAWhile()
    {
        var sessions = Make.Sessions(1500).ToList();
        foreach (var session in sessions)
        {
            await _store.CreateSessionAsync(session, Ct);
            await _store.DeleteSessionAsync(session.Id, Ct);
        }

        await Assert.ThrowsAsync<SessionNotFoundException>(() => _store.CreateSessionAsync(sessions[0], Ct).AsTask());
        _clock.Advance(6 * Minute);
        var last = await _store.CreateSessionAsync(Make.Session(), Ct);
        await _store.DeleteSessionAsync(last.Id, Ct);

        Assert.Equal(1, (await _store.CreateSessionAsync(sessions[0], Ct)).Version);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => _store.CreateSessionAsync(sessions[^1], Ct).AsTask());
    }

    private void Set(TimeSpan by) => _clock.AdjustTime(_clock.GetUtcNow() + by);

    private async Task UseAsync(Session session, string activity)
    {
        if (activity == "append")
        {
            await _store.AddFrameAsync(Make.Frame(session.Id), Ct);
        }
        else
        {
            Assert.True(await _store.TouchSessionAsync(session.Id, Ct));
        }
    }
}
