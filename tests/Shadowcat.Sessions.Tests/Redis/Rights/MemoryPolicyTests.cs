using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Tests.Security;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that evicts is warned of when a store connects, and is not healthy.</summary>
public sealed class MemoryPolicyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("allkeys-lru", true)]
    [InlineData("volatile-ttl", true)]
    [InlineData("noeviction", false)]
    public async Task Server_ThatEvicts_IsWarnedOfAndDegraded(string policy, bool evicts)
    {
        await using var server = await RedisServer.StartDedicatedAsync("--maxmemory-policy", policy);
        using var logger = new CollectingLogger();
        await using var store = Store(server.Configuration, logger);

        await store.CreateSessionAsync(Make.Session(), Ct);

        var warnings = logger.Entries.Where(entry => entry.Id.Id == 22).ToList();
        Assert.Equal(evicts ? 1 : 0, warnings.Count);
        Assert.All(warnings, warning =>
        {
            Assert.Equal(LogLevel.Warning, warning.Level);
            Assert.Contains(server.Configuration, warning.Text, StringComparison.Ordinal);
            Assert.Contains(policy, warning.Text, StringComparison.Ordinal);
            Assert.Contains("noeviction", warning.Text, StringComparison.Ordinal);
        });
        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
        Assert.Equal((evicts ? HealthStatus.Degraded : HealthStatus.Healthy, policy), (health.Status, health.Facts["maxmemory.policy"]));
    }

    [Fact]
    public async Task Account_WithoutConfig_SeesItAllTheSame()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--maxmemory-policy", "allkeys-lru");
        using var logger = new CollectingLogger();
        await using var store = Store(await LimitAsync(server, "-config"), logger);

        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Single(logger.Entries, entry => entry.Id.Id == 22);
    }

    [Fact]
    public async Task Account_WithoutConfigAndInfo_DoesNotKnowAndSaysSoQuietly()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--maxmemory-policy", "allkeys-lru");
        using var logger = new CollectingLogger();
        await using var store = Store(await LimitAsync(server, "-config", "-info"), logger);

        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.DoesNotContain(logger.Entries, entry => entry.Id.Id == 22);
        Assert.Equal(LogLevel.Debug, Assert.Single(logger.Entries, entry => entry.Id.Id == 23).Level);
        Assert.DoesNotContain("maxmemory.policy", (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Facts.Keys);
    }

    private static async Task<string> LimitAsync(RedisServer server, params string[] rights)
    {
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await lab.Server.ExecuteAsync("ACL", ["SETUSER", "limited", "on", ">pass", "~*", .. AccessRule.AllChannels(lab.Server.Version), "+@all", .. rights]);
        return $"{server.Configuration},user=limited,password=pass";
    }

    private static RedisSessionStore Store(string configuration, CollectingLogger logger) =>
        new(new RedisSessionStoreOptions { Configuration = configuration }, logger: logger.For<RedisSessionStore>());
}
