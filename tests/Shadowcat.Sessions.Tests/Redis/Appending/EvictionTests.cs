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
}
