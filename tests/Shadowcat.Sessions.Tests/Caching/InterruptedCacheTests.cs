using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Tests.Recorder;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>A cache that loses its connection, its server or its rights: it keeps nothing while it receives no changes, and recovers.</summary>
public sealed class InterruptedCacheTests
{
    private static readonly CachedSessionStoreOptions Ageless = new() { MaxStaleness = TimeSpan.FromHours(1) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pubsub")]
    [InlineData("normal")]
    public async Task Connection_Killed_NothingOldIsServedAfterwards(string type)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var store = await CachingAsync(lab.Store(server.Configuration));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        for (var round = 1; round <= 5; round++)
        {
            var cached = await store.GetSessionAsync(session.Id, Ct);
            Assert.Equal(session, cached);
            var before = lab.Server.ExecuteAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");

            // Right behind it on the same connection, so that nobody listens yet.
            var changing = lab.Database.ScriptEvaluateAsync(
                "redis.call('HSET', KEYS[1], 'version', (string.gsub(redis.call('HGET', KEYS[1], 'version'), ' %d+ ', ' ' .. ARGV[1] .. ' ')), 'session', ARGV[2])",
                [lab.Partition.Session(session.Id)],
                [round + 1, SessionDescription.Write(session with { CloseReason = $"{round + 1}" })]);
            Assert.True((long)await before > 0);
            await changing;

            await Poll.UntilAsync(async () => (await ReadAsync(store, session.Id))?.CloseReason == $"{round + 1}", "what changed meanwhile is seen");
            await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "it caches again");
            session = (await store.GetSessionAsync(session.Id, Ct))!;
            Assert.Equal(round + 1, session.Version);
        }
    }

    [Fact]
    public async Task Server_Frozen_IsNoticedAndOverWithIt()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var store = await CachingAsync(lab.Store(server.Configuration, configure: options => options.OperationTimeout = TimeSpan.FromMilliseconds(300)));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        await server.PauseAsync();
        await Poll.UntilAsync(() => Task.FromResult(!store.IsCaching), "it is noticed that nothing is received");
        await Assert.ThrowsAsync<SessionTimeoutException>(() => store.GetSessionAsync(session.Id, Ct).AsTask());
        await server.ContinueAsync();

        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "it caches again");
        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Server_RestartedEmpty_NothingOldIsServed()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var log = new CollectingLogger();
        await using var inner = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = server.Configuration, KeyPrefix = lab.Prefix }, logger: log.For<RedisSessionStore>());
        using var store = await CachingAsync(inner);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        await server.StopAsync();
        await Poll.UntilAsync(() => Task.FromResult(!store.IsCaching), "the end of the server is noticed");
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.GetSessionAsync(session.Id, Ct).AsTask());
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "ChangesNotReceived")), "the log says that nothing is received");
        await server.StartAsync();

        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "it caches again");
        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "ChangesReceivedAgain")), "the log says so");
        var entry = Assert.Single(log.Entries, entry => entry.Id.Name == "ChangesNotReceived");
        Assert.Equal(LogLevel.Warning, entry.Level);
    }

    [Fact]
    public async Task Subscribe_NotPermitted_IsSaidOnceAndEveryReadGoesToTheServer()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await Account.GrantAsync(lab.Server, "limited", "~*", "+@all", "resetchannels");
        using var log = new CollectingLogger();
        await using var inner = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = $"{server.Configuration},user=limited,password=pass", KeyPrefix = lab.Prefix, PublishChanges = false },
            logger: log.For<RedisSessionStore>());
        using var store = new CachedSessionStore(inner, Ageless);

        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "ChangesNotReceived")), "the log says that nothing is received");
        var updated = await lab.Store().UpdateSessionAsync(session with { Tags = ["new"] }, Ct);

        Assert.Equal(updated, await store.GetSessionAsync(session.Id, Ct));
        Assert.False(store.IsCaching);
        await Account.GrantAsync(lab.Server, "limited", "&*", "+publish", "+subscribe");
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "it caches once it may");
        Assert.Single(log.Entries, entry => entry.Id.Name == "ChangesNotReceived");
    }

    [Fact]
    public async Task Publish_NotPermitted_IsSaidBeforeAnythingIsWritten()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        Account.SkipWithoutChannels(lab.Server.Version);
        await Account.GrantAsync(lab.Server, "limited", "~*", "+@all", "resetchannels");
        var session = await lab.Store().CreateSessionAsync(Make.Session(), Ct);
        var limited = lab.Store($"{server.Configuration},user=limited,password=pass");
        var before = await lab.DumpAsync();

        foreach (var call in new Func<Task>[]
        {
            async () => await limited.CreateSessionAsync(Make.Session(), Ct),
            async () => await limited.UpdateSessionAsync(session with { Tags = ["new"] }, Ct),
            async () => await limited.DeleteSessionAsync(session.Id, Ct),
        })
        {
            var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(call);
            Assert.Contains("PublishChanges", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, await lab.DumpAsync());
        var quiet = lab.Store($"{server.Configuration},user=limited,password=pass", configure: options => options.PublishChanges = false);
        Assert.True(await quiet.DeleteSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_DeletedByAnotherProcess_IsGone()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var inner = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration });
        using var store = await CachingAsync(inner);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));

        var run = await RecorderProcess.RunAsync(default, "delete", session.Id.Value, "--redis", server.Configuration);

        Assert.True(run.ExitCode == 0, run.Errors);
        await Poll.UntilAsync(async () => await store.GetSessionAsync(session.Id, Ct) is null, "the session is gone");
    }

    [Fact]
    public async Task Dispose_WhileTheServerIsFrozen_EndsAtOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var inner = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration, KeyPrefix = lab.Prefix });
        var store = await CachingAsync(inner);
        await server.PauseAsync();

        store.Dispose();
        await inner.DisposeAsync().AsTask().WaitAsync(Poll.DefaultDeadline, Ct);

        Assert.False(store.IsCaching);
        await server.ContinueAsync();
    }

    private static async Task<CachedSessionStore> CachingAsync(RedisSessionStore inner)
    {
        var store = new CachedSessionStore(inner, Ageless);
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "changes are received");
        return store;
    }

    /// <summary>What is read, null where the store cannot be reached just now.</summary>
    private static async Task<Session?> ReadAsync(CachedSessionStore store, SessionId id)
    {
        try
        {
            return await store.GetSessionAsync(id, Ct);
        }
        catch (SessionStoreUnavailableException)
        {
            return null;
        }
    }
}
