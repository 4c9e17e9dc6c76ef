using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A store that is given sentinels works on the primary that they name, and on no other server.</summary>
public sealed class SentinelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Primary_KilledAndBackAsAnEmptyOne_IsReplacedForGood()
    {
        await using var sentinel = await StartAsync();
        await using var store = NewStore(sentinel.Configuration);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);
        await sentinel.WaitUntilReplicatedAsync();

        var former = await sentinel.PrimaryAsync();
        await former.KillAsync();
        await sentinel.WaitUntilReplacedAsync(former);
        await WorksAsync(store, session.Id);

        // It says that it is a primary, until the sentinels get round to demoting it.
        await former.StartAsync();
        for (var number = 10; number < 60; number++)
        {
            Assert.Equal(number, await store.AddFrameAsync(Make.Frame(session.Id, number), Ct));
        }

        await using var another = NewStore(sentinel.Configuration);
        Make.AssertNumbered(await another.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 60);
        await sentinel.WaitUntilWholeAsync();
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 60);
    }

    [Fact]
    public async Task Primary_ReplacedByOrder_IsLeftThoughItIsWell()
    {
        await using var sentinel = await StartAsync();
        await using var store = NewStore(sentinel.Configuration);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);
        await sentinel.WaitUntilReplicatedAsync();

        var former = await sentinel.PrimaryAsync();
        await sentinel.OrderFailoverAsync();
        await sentinel.WaitUntilReplacedAsync(former);
        await Poll.UntilAsync(
            async () => (await former.CommandAsync("CLIENT", "LIST", "TYPE", "normal")).Split('\n').All(client => !client.Contains("cmd=evalsha", StringComparison.Ordinal)),
            "the store has left the former primary");

        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct));
        await using var another = NewStore(sentinel.Configuration);
        Make.AssertNumbered(await another.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 11);
    }

    [Fact]
    public async Task Service_ThatNoSentinelKnows_IsRefusedAsConfiguration()
    {
        await using var sentinel = await StartAsync();
        await using var store = NewStore(sentinel.Configuration.Replace("serviceName=shadowcat", "serviceName=nobody", StringComparison.Ordinal));

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.Contains("'nobody'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentinels_NotThere_AreUnavailableUntilTheyAre()
    {
        await using var store = NewStore($"127.0.0.1:{LoopbackPort.NextFree()},serviceName=shadowcat");

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.False(exception.OutcomeUnknown);
    }

    private static Task<RedisSentinel> StartAsync()
    {
        if (!RedisProcess.IsInstalled)
        {
            Assert.Skip("needs sentinels, and there is no redis-server on the PATH");
        }

        return RedisSentinel.StartAsync();
    }

    private static RedisSessionStore NewStore(string configuration) =>
        new(new RedisSessionStoreOptions { Configuration = configuration, OperationTimeout = TimeSpan.FromSeconds(10) });

    private static Task WorksAsync(RedisSessionStore store, SessionId id) =>
        Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.TouchSessionAsync(id, Ct).AsTask()) is null, "the store works again");
}
