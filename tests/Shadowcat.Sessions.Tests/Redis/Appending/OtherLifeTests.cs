using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A process that still knows the earlier session of an id: what it appends lands in the session that has the id now, under the sequences of that one.</summary>
public sealed class OtherLifeTests(RedisFixture redis) : SharedServerTest(redis)
{
    /// <summary>Its deadline is moved in steps of 100 ms.</summary>
    private static readonly TimeSpan BriefLife = TimeSpan.FromSeconds(6.4);

    [Theory]
    [InlineData("deleted", 0)]
    [InlineData("deleted", 100)]
    [InlineData("expired", 0)]
    [InlineData("expired", 100)]
    [InlineData("record ended", 0)]
    public async Task Append_ByWhoKnowsTheEarlierSession_LandsInTheOneOfNow(string end, long first)
    {
        var (store, other) = (Lab.Store(), Lab.Store());
        var earlier = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await other.AddFrameAsync(Make.Frame(earlier.Id, 0), Ct));
        Assert.Equal(1, await other.AddFrameAsync(Make.Frame(earlier.Id, 1), Ct));
        await EndAsync(store, earlier.Id, end);
        var now = await store.CreateSessionAsync(new Session(earlier.Id, TransportType.Http), first, Ct);

        Assert.Equal(first, await other.AddFrameAsync(Make.Frame(now.Id, 7), Ct));
        Assert.Equal(first + 1, await other.AddFrameAsync(Make.Frame(now.Id, 8), Ct));

        Make.AssertNumbered(await store.GetFramesAsync(now.Id, cancellationToken: Ct).Select(frame => frame with { Sequence = frame.Sequence - first + 7 }).ToListAsync(Ct), 7, 2);
        var current = await store.GetSessionAsync(now.Id, Ct);
        Assert.Equal((now.Generation, first + 2), (current!.Generation, current.FrameCount));
        Assert.True(current.LastActivity >= now.LastActivity);
    }

    [Theory]
    [InlineData("deleted", false)]
    [InlineData("deleted", true)]
    [InlineData("expired", false)]
    [InlineData("expired", true)]
    public async Task Append_ByWhoKnowsTheEarlierSession_MovesTheDeadlineOfTheOneOfNow(string end, bool pinned)
    {
        // A deadline that is pinned by the greatest lifetime cannot move: who knows it need not ask.
        var (store, other) = (Lab.Store(), Lab.Store());
        var earlier = await store.CreateSessionAsync(Make.Session() with { MaxLifetime = pinned ? TimeSpan.FromHours(1) : null, TimeToLive = TimeSpan.FromHours(2) }, Ct);
        await other.AddFrameAsync(Make.Frame(earlier.Id, 0), Ct);
        await EndAsync(store, earlier.Id, end);
        var now = await store.CreateSessionAsync(new Session(earlier.Id, TransportType.Http) { TimeToLive = BriefLife }, Ct);
        await store.AddFrameAsync(Make.Frame(now.Id, 0), Ct);
        var before = await UntilTheDeadlineIsDueAsync(store, now.Id);

        // Where the earlier list had the same name, this would be a push that is sent without a look at the deadline.
        Assert.Equal(1, await other.AddFrameAsync(Make.Frame(now.Id, 1), Ct));

        await AssertMovedAsync(store, now.Id, before);
    }

    [Fact]
    public async Task Touch_ByWhoKnowsTheEarlierSession_MovesTheDeadlineOfTheOneOfNow()
    {
        var (store, other) = (Lab.Store(), Lab.Store());
        var earlier = await store.CreateSessionAsync(Make.Session(), Ct);
        await other.AddFrameAsync(Make.Frame(earlier.Id, 0), Ct);
        Assert.True(await other.TouchSessionAsync(earlier.Id, Ct));
        await store.DeleteSessionAsync(earlier.Id, Ct);
        var now = await store.CreateSessionAsync(new Session(earlier.Id, TransportType.Http) { TimeToLive = BriefLife }, Ct);
        await store.AddFrameAsync(Make.Frame(now.Id, 0), Ct);
        var before = await UntilTheDeadlineIsDueAsync(store, now.Id);

        Assert.True(await other.TouchSessionAsync(earlier.Id, Ct));

        await AssertMovedAsync(store, now.Id, before);
        Assert.True(await other.DeleteSessionAsync(earlier.Id, Ct));
        Assert.Null(await store.GetSessionAsync(earlier.Id, Ct));
    }

    /// <summary>Waits until an activity has to move the deadline of a session, which is once more than half of its slack is used up, by a clock of milliseconds.</summary>
    /// <returns>The deadline as it is.</returns>
    private async Task<DateTimeOffset> UntilTheDeadlineIsDueAsync(RedisSessionStore store, SessionId id)
    {
        var session = (await store.GetSessionAsync(id, Ct))!;
        await Poll.UntilAsync(
            async () => new DateTimeOffset(await Lab.Server.TimeAsync()) > session.LastActivity + (BriefLife / 64) + TimeSpan.FromMilliseconds(1), "the slack of the deadline is used up");
        return session.ExpiresAt;
    }

    /// <summary>Asserts that the deadline moved, and that hash and list end with it.</summary>
    private async Task AssertMovedAsync(RedisSessionStore store, SessionId id, DateTimeOffset before)
    {
        var session = (await store.GetSessionAsync(id, Ct))!;
        Assert.True(session.ExpiresAt > before, $"{session.ExpiresAt:O} is not later than {before:O}");
        Assert.True(session.ExpiresAt >= session.LastActivity + BriefLife);
        foreach (var key in (RedisKey[])[Lab.Partition.Session(id), await Lab.ListKeyAsync(id)])
        {
            // Both say it as what is left of it: by the server's clock, which has gone on since.
            var left = await Lab.Database.KeyTimeToLiveAsync(key);
            var asked = new DateTimeOffset(await Lab.Server.TimeAsync());
            Assert.True(asked + left >= session.ExpiresAt - TimeSpan.FromMilliseconds(1), $"{key} ends {session.ExpiresAt - (asked + left)} before its session");
        }
    }

    private async Task EndAsync(RedisSessionStore store, SessionId id, string end)
    {
        if (end == "expired")
        {
            await Lab.Database.KeyDeleteAsync([Lab.Partition.Session(id), await Lab.ListKeyAsync(id)]);
            return;
        }

        await store.DeleteSessionAsync(id, Ct);
        if (end == "record ended")
        {
            await Lab.Database.KeyDeleteAsync(Lab.Partition.Operations);
        }
    }
}
