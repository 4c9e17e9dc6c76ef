[assembly: AssemblyFixture(typeof(Shadowcat.Sessions.Tests.Servers.ClusterFixture))]

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>The one Redis Cluster that tests share which do not break it; it is started by the first of them.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly Lock _lock = new();
    private Task<RedisCluster>? _cluster;

    /// <summary>Starts a cluster for one test, which may break it, or skips the calling test where there is no redis-server.</summary>
    public static Task<RedisCluster> StartDedicatedAsync(params string[] arguments) => StartDedicatedAsync(tls: null, arguments);

    /// <summary>Starts a cluster that speaks TLS for one test, or skips the calling test where there is no redis-server.</summary>
    public static Task<RedisCluster> StartDedicatedAsync(ServerTls? tls, params string[] arguments)
    {
        SkipWithoutServer();
        return RedisCluster.StartAsync(tls, arguments);
    }

    /// <summary>What to give StackExchange.Redis; skips the calling test where there is no redis-server.</summary>
    public async ValueTask<string> ConfigureAsync()
    {
        SkipWithoutServer();
        Task<RedisCluster> starting;
        lock (_lock)
        {
            starting = _cluster ??= RedisCluster.StartAsync();
        }

        return (await starting).Configuration;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } starting)
        {
            await (await starting).DisposeAsync();
        }
    }

    private static void SkipWithoutServer()
    {
        if (!RedisProcess.IsInstalled)
        {
            Assert.Skip("needs a cluster, and there is no redis-server on the PATH");
        }

        RedisServer.SkipWithGarnet();
    }
}
