using Shadowcat.Sessions.Tests.Redis;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>Sentinels, and servers that they watch, which speak nothing but TLS and let nobody in but an account of their own.</summary>
public sealed class SecureSentinelTests : IDisposable
{
    private const string Secret = "of-the-servers";
    private const string Accounts = "user=sessions,password=pass,sentinelUser=watcher,sentinelPassword=look";

    private readonly TlsFolder _tls = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _tls.Dispose();

    [Theory]
    [InlineData("127.0.0.1", "")]
    [InlineData(TlsFolder.Host, ",resolveDns=true,sslHost=" + TlsFolder.Host)]
    public async Task Primary_OverTlsAsAnAccount_IsFollowedWhenItIsReplaced(string name, string configuration)
    {
        await using var sentinel = await StartAsync(name);
        await using var store = Store(sentinel, Accounts + configuration, _tls.AuthorityPath);
        var id = await sentinel.RecordAsync(store, frames: 10);
        await sentinel.KillPrimaryAsync(store, id);

        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(id, 10), Ct));
        await using var another = Store(sentinel, Accounts + configuration, _tls.AuthorityPath);
        Make.AssertNumbered(await another.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct), 0, 11);
        foreach (var watcher in sentinel.Sentinels)
        {
            Assert.Empty((await RefusedAsync(watcher)).Except(AccessRule.MerelyTried));
        }
    }

    [Fact]
    public async Task Stranger_IsToldWhyAndByWhom()
    {
        using var others = new TlsFolder();
        await using var sentinel = await StartAsync("127.0.0.1");

        var byServer = await FailAsync(sentinel, "user=sessions,password=wrong,sentinelUser=watcher,sentinelPassword=look", _tls.AuthorityPath);
        var bySentinel = await FailAsync(sentinel, "user=sessions,password=pass,sentinelUser=watcher,sentinelPassword=wrong", _tls.AuthorityPath);
        foreach (var watcher in sentinel.Sentinels)
        {
            await watcher.CommandAsync("ACL", "SETUSER", "blind", "on", ">look", "-@all", "+ping", "+info");
        }

        var notPermitted = await FailAsync(sentinel, "user=sessions,password=pass,sentinelUser=blind,sentinelPassword=look", _tls.AuthorityPath);
        var distrust = await FailAsync(sentinel, Accounts, others.AuthorityPath);

        Assert.EndsWith(" refused the credentials; check user and password.", byServer, StringComparison.Ordinal);
        Assert.DoesNotContain("sentinel", byServer, StringComparison.Ordinal);
        Assert.Contains("no sentinel lets the store in: the server refused the credentials; check user and password.", bySentinel, StringComparison.Ordinal);
        Assert.Contains("NOPERM", notPermitted, StringComparison.Ordinal);
        Assert.Contains("no sentinel lets the store in: TLS: the certificate of the server was not accepted", distrust, StringComparison.Ordinal);
    }

    /// <summary>The accounts, and the rights that docs/redis.md names for that of the sentinels.</summary>
    private async Task<RedisSentinel> StartAsync(string name)
    {
        Assert.SkipUnless(!RedisProcess.IsInstalled || RedisProcess.Version >= new Version(6, 2), "sentinels have accounts from Redis 6.2 on");
        var sentinel = await SentinelSetUp.StartAsync(_tls.Server(name), Secret);
        foreach (var server in sentinel.Servers)
        {
            await server.CommandAsync(["ACL", "SETUSER", "sessions", "on", ">pass", .. AccessRule.Words("shadowcat", RedisProcess.Version)]);
        }

        foreach (var watcher in sentinel.Sentinels)
        {
            await watcher.CommandAsync(["ACL", "SETUSER", "watcher", "on", ">look", .. AccessRule.OnSentinels.SelectMany(line => line.Split(' '))]);
        }

        return sentinel;
    }

    /// <summary>What a sentinel refused an account.</summary>
    private static async Task<IEnumerable<string>> RefusedAsync(RedisProcess watcher)
    {
        var lines = (await watcher.CommandAsync("ACL", "LOG")).Split('\n', StringSplitOptions.TrimEntries);
        return lines.Zip(lines.Skip(1)).Where(pair => pair.First == "object").Select(pair => pair.Second);
    }

    private static RedisSessionStore Store(RedisSentinel sentinel, string configuration, string authority) => new(new RedisSessionStoreOptions
    {
        Configuration = $"{sentinel.Configuration},ssl=true,{configuration}",
        ConfigureConnection = options => options.TrustIssuer(authority),
        OperationTimeout = TimeSpan.FromSeconds(20),
    });

    private static async Task<string> FailAsync(RedisSentinel sentinel, string configuration, string authority)
    {
        await using var store = Store(sentinel, configuration, authority);
        return (await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CountSessionsAsync(Ct).AsTask())).Message;
    }
}
