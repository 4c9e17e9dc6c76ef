using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A process that still knows the earlier session of an id: what it appends lands in the session that has the id now, under the sequences of that one.</summary>
public sealed class OtherLifeTests(RedisFixture redis) : SharedServerTest(redis)
{
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

    [Fact]
    public async Task Touch_ByWhoKnowsTheEarlierSession_MovesTheDeadlineOfTheOneOfNow()
    {
        var (store, other) = (Lab.Store(), Lab.Store());
        var earlier = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.True(await other.TouchSessionAsync(earlier.Id, Ct));
        await store.DeleteSessionAsync(earlier.Id, Ct);
        await store.CreateSessionAsync(new Session(earlier.Id, TransportType.Http), Ct);

        Assert.True(await other.TouchSessionAsync(earlier.Id, Ct));
        Assert.True(await other.DeleteSessionAsync(earlier.Id, Ct));
        Assert.Null(await store.GetSessionAsync(earlier.Id, Ct));
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
