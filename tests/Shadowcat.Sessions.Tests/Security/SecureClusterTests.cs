using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>A cluster that speaks nothing but TLS, among its nodes too, and lets nobody in but an account with the rights that docs/redis.md names.</summary>
public sealed class SecureClusterTests : IDisposable
{
    private const string Prefix = "secure";
    private const string Secret = "of-the-servers";

    private readonly TlsFolder _tls = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _tls.Dispose();

    [Fact]
    public async Task Account_OverTls_IsServedByEveryPrimaryAndByWhoeverReplacesOne()
    {
        await using var cluster = await StartAsync();
        await using var store = Store(cluster, "pass", _tls.AuthorityPath);
        using var cached = new CachedSessionStore(store);
        var sessions = new List<SessionId>();
        foreach (var session in Make.Sessions(60))
        {
            sessions.Add((await cached.CreateSessionAsync(session, Ct)).Id);
            await cached.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        }

        await Poll.UntilAsync(() => Task.FromResult(cached.IsCaching), "the subscription, too, goes over TLS");
        foreach (var node in (await cluster.ViewAsync()).Where(node => node.IsPrimary))
        {
            Assert.Contains(sessions, id => node.Serves(SlotOf(id)));
            await node.Process.WaitUntilReplicatedAsync(1);
        }

        var primary = await cluster.PrimaryOfAsync(SlotOf(sessions[0]));
        await primary.Process.KillAsync();
        await cluster.WaitUntilReplacedAsync(primary);
        foreach (var id in sessions)
        {
            await Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.TouchSessionAsync(id, Ct).AsTask()) is null, "the session's partition is served");
            Assert.Equal(1, await store.AddFrameAsync(Make.Frame(id, 1), Ct));
        }

        Assert.Equal(60, await store.CountSessionsAsync(Ct));
        Assert.Equal(sessions.Order(), (await store.ListSessionsAsync(cancellationToken: Ct).Select(session => session.Id).ToListAsync(Ct)).Order());
        Make.AssertNumbered(await store.GetFramesAsync(sessions[0], cancellationToken: Ct).ToListAsync(Ct), 0, 2);
    }

    [Fact]
    public async Task Stranger_IsToldWhy()
    {
        using var others = new TlsFolder();
        await using var cluster = await StartAsync();
        await using var store = Store(cluster, "wrong", _tls.AuthorityPath);
        await using var distrusting = Store(cluster, "pass", others.AuthorityPath);

        var refused = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CountSessionsAsync(Ct).AsTask());
        var distrust = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => distrusting.CountSessionsAsync(Ct).AsTask());

        Assert.Contains("credentials", refused.Message, StringComparison.Ordinal);
        Assert.Matches("certificate of the server [^ ]+ was not accepted", distrust.Message);
    }

    private Task<RedisCluster> StartAsync() => ClusterFixture.StartDedicatedAsync(
        _tls.Server("127.0.0.1"),
        ["--requirepass", Secret, "--masterauth", Secret, "--user", "sessions", "on", ">pass", .. AccessRule.Words(Prefix, RedisProcess.Version), .. AccessRule.ClusterCommands.Select(command => "+" + command)]);

    private static RedisSessionStore Store(RedisCluster cluster, string password, string authority) => new(new RedisSessionStoreOptions
    {
        Configuration = $"{cluster.Configuration},ssl=true,user=sessions,password={password}",
        ConfigureConnection = options => options.TrustIssuer(authority),
        KeyPrefix = Prefix,
        OperationTimeout = TimeSpan.FromSeconds(20),
    });

    private static int SlotOf(SessionId id) => ClusterTests.SlotOf(id, Prefix);
}
