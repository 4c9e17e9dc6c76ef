using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What tests on sentinels have in common.</summary>
internal static class SentinelSetUp
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts servers and sentinels, where they are installed.</summary>
    public static Task<RedisSentinel> StartAsync(ServerTls? tls = null, string? password = null)
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs sentinels, and there is no redis-server on the PATH");
        RedisServer.SkipWithGarnet();
        return RedisSentinel.StartAsync(tls, password);
    }

    /// <summary>Records a session, and waits until every replica has its frames.</summary>
    public static async Task<SessionId> RecordAsync(this RedisSentinel sentinel, RedisSessionStore store, int frames)
    {
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, frames), Ct);
        await sentinel.WaitUntilReplicatedAsync();
        return session.Id;
    }

    /// <summary>Kills the primary, and waits until another one has taken over and the store uses it.</summary>
    /// <returns>The one that was.</returns>
    public static async Task<RedisProcess> KillPrimaryAsync(this RedisSentinel sentinel, RedisSessionStore store, SessionId id)
    {
        var former = await sentinel.PrimaryAsync();
        await former.KillAsync();
        await sentinel.WaitUntilReplacedAsync(former);
        await WorksAsync(store, id);
        return former;
    }

    /// <summary>Orders a failover, and waits until another one has taken over.</summary>
    /// <returns>The one that was.</returns>
    public static async Task<RedisProcess> ReplacePrimaryAsync(this RedisSentinel sentinel)
    {
        var former = await sentinel.PrimaryAsync();
        await sentinel.OrderFailoverAsync();
        await sentinel.WaitUntilReplacedAsync(former);
        return former;
    }

    public static Task WorksAsync(RedisSessionStore store, SessionId id) =>
        Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.TouchSessionAsync(id, Ct).AsTask()) is null, "the store works again");
}
