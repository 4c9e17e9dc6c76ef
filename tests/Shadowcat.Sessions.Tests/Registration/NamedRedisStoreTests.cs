using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>Two stores on Redis in one host, each with decorators, that touch each other.</summary>
public sealed class NamedRedisStoreTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Secret = "nobody-may-see";

    private readonly RedisFixture _redis = redis;

    [Fact]
    public async Task Stores_OfDifferentNames_DoNotTouch()
    {
        var (prefixOfA, prefixOfB) = (Lab.Prefix, Lab.Prefix + "-b");
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["A:Redis:Configuration"] = _redis.Configuration,
            ["A:Redis:KeyPrefix"] = prefixOfA,
            ["A:Redis:Partitions"] = "3",
            ["A:MaxFrameBytes"] = "1000",
            ["A:Caching:Capacity"] = "5",
            ["A:HealthChecks:DegradedLatency"] = "00:10:00",
            ["A:HealthChecks:Timeout"] = "00:01:00",
            ["B:Redis:Configuration"] = _redis.Configuration,
            ["B:Redis:KeyPrefix"] = prefixOfB,
            ["B:Buffering:DrainTimeout"] = "00:00:30",
            ["B:HealthChecks:DegradedLatency"] = "00:10:00",
            ["B:HealthChecks:Timeout"] = "00:01:00",
        });
        host.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        host.Services.AddShadowcatSessions("a", host.Configuration.GetSection("A")).UseRedis().WithCaching().WithDataProtection();
        host.Services.AddShadowcatSessions("b", host.Configuration.GetSection("B")).UseRedis().WithBuffering();
        host.Services.AddHealthChecks().AddShadowcatSessions(storeName: "a").AddShadowcatSessions(storeName: "b");
        using var built = host.Build();
        await built.StartAsync(Ct);
        var provider = built.Services;
        var (a, b) = (provider.GetRequiredKeyedService<ISessionStore>("a"), provider.GetRequiredKeyedService<ISessionStore>("b"));
        Assert.IsType<CachedSessionStore>(a);
        Assert.IsType<BufferedSessionStore>(b);

        var session = Make.Session() with { ClientInfo = Peer.Create(Secret, "1") };
        await a.CreateSessionAsync(session, Ct);
        await a.AddFrameAsync(Make.Frame(session.Id, Encoding.UTF8.GetBytes(Secret)), Ct);
        Assert.Null(await b.GetSessionAsync(session.Id, Ct));
        await provider.GetRequiredKeyedService<ISessionBuffer>("b").AcceptSession(session).Stored;
        await b.AddFramesAsync(session.Id, [Make.Frame(session.Id, new byte[2000]), Make.Frame(session.Id)], Ct);
        await a.DeleteSessionAsync(session.Id, Ct);

        Assert.Equal(2, await b.CountFramesAsync(session.Id, Ct));
        Assert.Equal((0, 1), (await a.CountSessionsAsync(Ct), await b.CountSessionsAsync(Ct)));
        Assert.Equal(Secret, (await Lab.Store(configure: options => options.KeyPrefix = prefixOfB).GetSessionAsync(session.Id, Ct))!.ClientInfo!.Name);
        var options = provider.GetRequiredService<IOptionsMonitor<RedisSessionStoreOptions>>();
        Assert.Equal((prefixOfA, prefixOfB), (options.Get("a").KeyPrefix, options.Get("b").KeyPrefix));
        Assert.Equal(3, (int)await Lab.Database.HashGetAsync($"{prefixOfA}:layout", "partitions"));
        var health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);
        Assert.Equal(["shadowcat-sessions-a", "shadowcat-sessions-b"], health.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(health.Entries.Values, entry => Assert.Equal((HealthStatus.Healthy, "redis"), (entry.Status, entry.Data["store"])));
        await built.StopAsync(Ct);
    }

    [Fact]
    public async Task Start_OneOfTwoCannotWork_FailsForThatOne()
    {
        await using var old = FakeRespServer.Start("4.0.11");
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddShadowcatSessions().UseRedis(options => (options.Configuration, options.KeyPrefix) = (_redis.Configuration, Lab.Prefix));
        host.Services.AddShadowcatSessions("old").UseRedis(old.Configuration);
        using var built = host.Build();

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => built.StartAsync(Ct));

        Assert.Contains("4.0.11", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseRedis_NamedWithoutAServer_SaysWhatIsMissing()
    {
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddShadowcatSessions().UseRedis("localhost:1");
        host.Services.AddShadowcatSessions("a").UseRedis();
        using var built = host.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => built.StartAsync(Ct));

        Assert.Contains("RedisSessionStoreOptions.Configuration is empty", exception.Message, StringComparison.Ordinal);
    }
}
