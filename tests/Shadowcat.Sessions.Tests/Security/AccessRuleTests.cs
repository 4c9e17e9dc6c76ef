using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>The smallest access rule is the smallest, and reaches nothing else. That it is enough, <see cref="ConformanceUnderAccessRule"/> shows.</summary>
public sealed class AccessRuleTests(ClusterFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRight_OfTheRule_IsUsed()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var configuration = await RestrictedFixture.GrantAsync(lab.Server, lab.Prefix);
        await lab.Server.ConfigResetStatisticsAsync();

        await LiveAsync(configuration, lab.Prefix, lab.Connection);
        await ReapAsync(configuration, lab);

        await Poll.UntilAsync(async () => !AccessRule.AsNamedBy(lab.Server.Version, AccessRule.Commands).Except(await CalledAsync(lab.Server)).Any(), "the server has carried out every command of the rule");
    }

    [Fact]
    public async Task WhateverIsNotInTheRule_IsMerelyTried()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var configuration = await RestrictedFixture.GrantAsync(lab.Server, lab.Prefix);

        await LiveAsync(configuration, lab.Prefix, lab.Connection);

        var refused = await RefusedAsync(lab.Server);
        Assert.NotEmpty(refused);
        Assert.Empty(refused.Except(AccessRule.TriedOn(lab.Server.Version)));
    }

    [Fact]
    public async Task AnotherPrefix_IsOutOfReach()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var theirs = await lab.Store().CreateSessionAsync(Make.Session(), Ct);
        var before = await lab.DumpAsync();
        var mine = lab.Prefix[..^1];
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = await RestrictedFixture.GrantAsync(lab.Server, mine), KeyPrefix = lab.Prefix });

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.DeleteSessionAsync(theirs.Id, Ct).AsTask());

        Assert.Contains("NOPERM", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.DumpAsync());
    }

    [Fact]
    public async Task WhatEveryConnectionNeeds_NotPermitted_IsSaidToBeThat()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var configuration = await RestrictedFixture.GrantAsync(lab.Server, lab.Prefix);
        await lab.Server.ExecuteAsync("ACL", "SETUSER", lab.Prefix, "-echo");
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = configuration, KeyPrefix = lab.Prefix, OperationTimeout = TimeSpan.FromSeconds(20) });

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.GetSessionAsync(SessionId.New(), Ct).AsTask());

        Assert.Contains("NOPERM", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_WithWhatItNeedsInAddition_ServesAWholeLife()
    {
        var prefix = RedisFixture.NewPrefix();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(await cluster.ConfigureAsync() + ",allowAdmin=true");
        var configurations = new List<string>();
        foreach (var node in connection.GetServers())
        {
            configurations.Add(await RestrictedFixture.GrantAsync(node, prefix));
            await node.ExecuteAsync("ACL", ["SETUSER", prefix, .. AccessRule.Granted(AccessRule.ClusterCommands).Split(' ')]);
        }

        await LiveAsync(configurations[0], prefix, connection);

        foreach (var node in connection.GetServers())
        {
            Assert.Empty((await RefusedAsync(node, prefix)).Except(AccessRule.TriedOn(node.Version).Concat(["readonly", "readwrite"])));
        }
    }

    /// <summary>All that happens to sessions, so that every script runs through its branches.</summary>
    private static async Task LiveAsync(string configuration, string prefix, IConnectionMultiplexer everything)
    {
        await using var plain = Store(configuration, prefix);
        await using var bounded = Store(configuration, prefix, new SessionStoreOptions { MaxFramesPerSession = 2 });
        using (var store = new CachedSessionStore(plain))
        {
            await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "changes are received");
            var session = await store.CreateSessionAsync(Make.FullSession() with { CloseReason = "done" }, Ct);
            for (var i = 0; i < 3; i++)
            {
                await store.AddFrameAsync(Make.Frame(session.Id), Ct);
            }

            Assert.True(await store.TouchSessionAsync(session.Id, Ct));
            Assert.Equal("Healthy", (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).ToString());
            await store.UpdateSessionAsync(session with { CloseReason = null }, Ct);
            Assert.Equal(3, await store.GetFramesAsync(session.Id, cancellationToken: Ct).CountAsync(Ct));
            Assert.Single(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
            Assert.Equal(1, await store.CountSessionsAsync(Ct));
            Assert.Equal(1, await store.DeleteFramesAsync(session.Id, 1, Ct));
            Assert.Equal(2, await store.DeleteFramesAsync(session.Id, null, Ct));
            Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
        }

        var fleeting = await bounded.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromSeconds(1) }, Ct);
        var lasting = await bounded.CreateSessionAsync(Make.Session(), Ct);
        await bounded.AddFramesAsync(lasting.Id, Make.Frames(lasting.Id, 3), Ct);
        Assert.Equal(2, await bounded.CountFramesAsync(lasting.Id, Ct));
        await Poll.UntilAsync(async () => await bounded.GetSessionAsync(fleeting.Id, Ct) is null, "the session has expired");
        Assert.Equal(1, await bounded.CountSessionsAsync(Ct));
        await FollowAsync(plain, prefix, everything);
    }

    /// <summary>An index entry whose session is gone, until reaping has notified of it.</summary>
    private static async Task ReapAsync(string configuration, RedisLab lab)
    {
        await lab.Database.SortedSetAddAsync(lab.Partition.Expiry, "no-session", 1);
        await using var store = Store(configuration, lab.Prefix);
        Assert.Equal(1, await store.ReapExpiredSessionsAsync(Ct));
    }

    /// <summary>A session that is followed, until what is appended to it is published.</summary>
    private static async Task FollowAsync(RedisSessionStore store, string prefix, IConnectionMultiplexer everything)
    {
        var published = new TaskCompletionSource();
        await everything.GetSubscriber().SubscribeAsync(RedisChannel.Literal(prefix + ":followed"), (_, message) =>
        {
            if (message.StartsWith("1 "))
            {
                published.TrySetResult();
            }
        });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await using var follower = store.FollowFramesAsync(session.Id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        var next = follower.MoveNextAsync().AsTask();
        await Poll.UntilAsync(
            async () =>
            {
                await store.AddFrameAsync(Make.Frame(session.Id), Ct);
                return published.Task.IsCompleted;
            },
            "what is appended is published");
        Assert.True(await next);
    }

    private static RedisSessionStore Store(string configuration, string prefix, SessionStoreOptions? options = null) =>
        new(new RedisSessionStoreOptions { Configuration = configuration, KeyPrefix = prefix }, options);

    /// <summary>The commands that the server carried out since its statistics began.</summary>
    private static async Task<IEnumerable<string>> CalledAsync(IServer server) =>
        (await server.InfoAsync("commandstats")).SelectMany(group => group)
            .Where(entry => !entry.Value.StartsWith("calls=0,", StringComparison.Ordinal))
            .Select(entry => entry.Key["cmdstat_".Length..]);

    /// <summary>The commands, keys and channels that the server refused an account.</summary>
    private static async Task<IEnumerable<string>> RefusedAsync(IServer server, string? user = null) =>
        ((RedisResult[])(await server.ExecuteAsync("ACL", "LOG"))!)
            .Select(entry => entry.ToDictionary())
            .Where(entry => user is null || (string?)entry["username"] == user)
            .Select(entry => entry["object"].ToString());
}
