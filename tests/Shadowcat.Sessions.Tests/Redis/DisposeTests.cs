using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

public sealed class DisposeTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly string _configuration = redis.Configuration;

    [Fact]
    public async Task Dispose_OfASynchronousContainer_ClosesTheConnection()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis(options => (options.Configuration, options.KeyPrefix) = (_configuration, Lab.Prefix));
        ISessionStore store;
        var session = Make.Session();
        using (var provider = services.BuildServiceProvider())
        {
            store = provider.GetRequiredService<ISessionStore>();
            await store.CreateSessionAsync(session, Ct);
            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        }

        var refused = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(typeof(RedisSessionStore).FullName, refused.ObjectName);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        Assert.Equal(1, (await Lab.Store().GetSessionAsync(session.Id, Ct))!.FrameCount);
    }

    [Fact]
    public async Task Dispose_WhileFramesAreRead_EndsTheReadingAtItsNextPage()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        for (var first = 0; first < 3000; first += 1000)
        {
            await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 1000, first), Ct);
        }

        var read = 0;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (var frame in store.GetFramesAsync(session.Id, cancellationToken: Ct))
            {
                Assert.Equal(read++, frame.Sequence);
                await store.DisposeAsync();
            }
        });

        Assert.InRange(read, 1, 2999);
    }

    [Fact]
    public async Task Dispose_WhileASessionIsFollowed_EndsTheFollowing()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await using var following = store.FollowFramesAsync(session.Id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        Assert.True(await following.MoveNextAsync());

        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await following.MoveNextAsync());
    }
}
