using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that evicts keys may take a session and leave its frames.</summary>
public sealed class EvictionTests(RedisFixture redis) : SharedServerTest(redis)
{
    [Fact]
    public async Task Create_PredecessorEvictedWithoutItsFrames_BeginsWithNone()
    {
        var store = Lab.Store();
        var evicted = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(evicted.Id, Make.Frames(evicted.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(evicted.Id));

        await store.CreateSessionAsync(new Session(evicted.Id, TransportType.Stdio), Ct);

        Assert.False(await Lab.Database.KeyExistsAsync(await Lab.ListKeyAsync(evicted.Id)));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(evicted.Id, 0), Ct));
        Assert.Equal(1, (await store.GetSessionAsync(evicted.Id, Ct))!.FrameCount);
        Make.AssertNumbered(await store.GetFramesAsync(evicted.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 1);
    }

    [Fact]
    public async Task Append_FramesGoneWithoutTheirSession_NamesAFrameThatWasGivenAlsoToWhoAppendsForTheFirstTime()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(await Lab.ListKeyAsync(session.Id));

        var lost = await Assert.ThrowsAsync<FramesLostException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id, 5), Ct).AsTask());

        Assert.Equal(4, lost.Sequence);
    }

    [Fact]
    public async Task Append_SessionGoneWithoutItsFrames_SaysSoOnceTheDeadlineHasToBeAskedFor()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
        Assert.Equal(1, await store.AddFrameAsync(Make.Frame(session.Id, 1), Ct));
        var list = await Lab.ListKeyAsync(session.Id);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(session.Id));

        // Pushes do not look at the session. What this process knows of the deadline holds for less than a second.
        await Poll.UntilAsync(
            async () => await Record.ExceptionAsync(() => store.AddFrameAsync(Make.Frame(session.Id, 2), Ct).AsTask()) is SessionNotFoundException, "the append is refused");

        await Assert.ThrowsAsync<SessionNotFoundException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id, 2), Ct).AsTask());
        await Assert.ThrowsAsync<SessionNotFoundException>(() => store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask());
        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(list));
    }
}
