using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Aot.Stores;
using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Servers;
using Shadowcat.Sessions.Sqlite;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Aot.Registration;

/// <summary>The ways to register stores, in one application.</summary>
internal static class RegistrationCalls
{
    private static readonly string[] Names = ["memory", "own", "sqlite-section", "sqlite-path", "sqlite", "redis-section", "redis-text", "redis", "redis-connection"];

    public static async Task MakeAsync(DirectoryInfo folder, RedisProcess redis)
    {
        string PathOf(string name) => Path.Combine(folder.FullName, name + ".db");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        var services = builder.Services;
        services.AddShadowcatSessions(Settings.Of(("TimeToLive", "03:00:00"), ("Caching:Capacity", "50"), ("Buffering:MaxBufferedFrames", "60"))).WithCaching().WithBuffering();
        services.AddShadowcatSessions("memory", static options => options.TimeToLive = TimeSpan.FromHours(4)).Decorate(static (_, inner) => new PassingStore(inner));
        services.AddShadowcatSessions("own").UseStore(static _ => new PassingStore(new InMemorySessionStore()));
        services.AddShadowcatSessions("sqlite-section", Settings.Of(("Sqlite:Path", PathOf("section")), ("Sqlite:Synchronous", "Full"))).UseSqlite();
        services.AddShadowcatSessions("sqlite-path").UseSqlite(PathOf("path"));
        services.AddShadowcatSessions("sqlite").UseSqlite(options => options.Path = PathOf("configured"));
        services.AddShadowcatSessions("redis-section", Settings.Of(("Redis:Configuration", redis.Endpoint), ("Redis:KeyPrefix", "section"), ("Redis:QueueFullMode", "Fail"))).UseRedis();
        services.AddShadowcatSessions("redis-text").UseRedis(redis.Endpoint);
        services.AddShadowcatSessions("redis").UseRedis(options => (options.Configuration, options.KeyPrefix) = (redis.Endpoint, "configured"));
        services.AddShadowcatSessions("redis-connection").UseRedis(_ => connection, static options => options.KeyPrefix = "connection");
        services.AddHealthChecks().AddShadowcatSessions(static options => options.Timeout = TimeSpan.FromSeconds(20)).AddShadowcatSessions(name: "redis", storeName: "redis", tags: ["ready"]);

        using var host = builder.Build();
        await host.StartAsync();
        Check.That(host.Services.GetRequiredService<ISessionStore>() is CachedSessionStore);
        await StoreCalls.MakeAsync(host.Services.GetRequiredService<ISessionStore>());
        foreach (var name in Names)
        {
            await StoreCalls.MakeAsync(host.Services.GetRequiredKeyedService<ISessionStore>(name));
        }

        CheckOptions(host.Services);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Check.Equal(2, report.Entries.Count);
        Check.That(report.Status != HealthStatus.Unhealthy);
        await host.StopAsync();
        OneStore();
    }

    /// <summary>What the sections say is what the options have.</summary>
    private static void CheckOptions(IServiceProvider services)
    {
        Check.Equal(TimeSpan.FromHours(3), services.GetRequiredService<IOptions<SessionStoreOptions>>().Value.TimeToLive);
        Check.Equal(50, services.GetRequiredService<IOptions<CachedSessionStoreOptions>>().Value.Capacity);
        Check.Equal(60, services.GetRequiredService<IOptions<BufferedSessionStoreOptions>>().Value.MaxBufferedFrames);
        Check.Equal(SqliteSynchronous.Full, services.GetRequiredService<IOptionsMonitor<SqliteSessionStoreOptions>>().Get("sqlite-section").Synchronous);
        Check.That(services.GetRequiredService<IOptionsMonitor<RedisSessionStoreOptions>>().Get("redis-section") is { KeyPrefix: "section", QueueFullMode: AppendQueueFullMode.Fail });
    }

    private static void OneStore()
    {
        using var plain = new ServiceCollection().AddShadowcatSessions().Services.BuildServiceProvider();
        using var configured = new ServiceCollection().AddShadowcatSessions(static options => options.MaxFrameBytes = 1000).Services.BuildServiceProvider();
        Check.That(new SessionStoreHealthCheckOptions { Timeout = TimeSpan.FromSeconds(3) } is { Timeout.TotalSeconds: 3 });
        Check.That(plain.GetRequiredService<ISessionStore>() is InMemorySessionStore && configured.GetRequiredService<ISessionStore>() is InMemorySessionStore);
    }
}
