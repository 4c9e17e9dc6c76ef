using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Tests.Conformance;
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

        var refused = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.GetSessionAsync(session.Id, Ct).AsTask());
        Assert.False(refused.OutcomeUnknown);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        Assert.Equal(1, (await Lab.Store().GetSessionAsync(session.Id, Ct))!.FrameCount);
    }
}
