using System.Collections.Concurrent;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stores on a server or cluster that tests share, under a key prefix of their own.</summary>
/// <param name="configure">Starts the server where it does not run yet, and says what to give StackExchange.Redis.</param>
/// <param name="partitions">The option of the stores; null for none.</param>
/// <param name="grant">Makes an account for a key prefix, and says what a store is to be given that connects as it; null where the stores share the connection of the tests.</param>
/// <param name="connections">How many connections of their own the stores make; null for none: they share one.</param>
internal sealed class RedisHarness(
    Func<ValueTask<string>> configure, int? partitions, Func<IServer, string, Task<string>>? grant = null, int? connections = null) : IStoreHarness
{
    // One connection for all tests: it lives as long as the process.
    private static readonly ConcurrentDictionary<string, Lazy<Task<ConnectionMultiplexer>>> Connections = new(StringComparer.Ordinal);

    public RedisHarness(RedisFixture redis, int partitions, int? connections = null)
        : this(() => ValueTask.FromResult(redis.Configuration), partitions, connections: connections)
    {
    }

    private readonly string _prefix = RedisFixture.NewPrefix();
    private readonly List<RedisSessionStore> _stores = [];
    private string? _account;

    public async ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null)
    {
        var redis = new RedisSessionStoreOptions { KeyPrefix = _prefix, Partitions = partitions };
        if (grant is not null)
        {
            redis.Configuration = _account ??= await grant(await ServerAsync(), _prefix);
        }
        else if (connections is { } count)
        {
            (redis.Configuration, redis.ConnectionCount) = (await configure(), count);
        }

        var store = redis.Configuration is null
            ? new RedisSessionStore(await ConnectAsync(), options, redis, listeners)
            : new RedisSessionStore(redis, options, listeners);
        _stores.Add(store);
        return store;
    }

    public async ValueTask<DateTimeOffset> NowAsync() => new(await (await ServerAsync()).TimeAsync());

    public async Task ElapseAsync(TimeSpan time)
    {
        var until = await NowAsync() + time;
        await Poll.UntilAsync(async () => await NowAsync() >= until, $"the server's clock is {time} further");
    }

    // The layout is the backend's own, and the idempotency records of deleted sessions outlive them for a while on purpose.
    public async ValueTask<IReadOnlyCollection<string>> LeftoversAsync() =>
        [.. (await KeysAsync())
            .Select(key => key.ToString())
            .Where(key => !key.EndsWith(":layout", StringComparison.Ordinal))
            .Where(key => !key.EndsWith("}:operations", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        if (_stores.Count == 0)
        {
            // The test was skipped before it had a server.
            return;
        }

        var database = (await ConnectAsync()).GetDatabase();
        await Task.WhenAll((await KeysAsync()).Select(key => database.KeyDeleteAsync(key)));
    }

    private async Task<List<RedisKey>> KeysAsync()
    {
        var keys = new List<RedisKey>();
        foreach (var server in (await ConnectAsync()).GetServers().Where(server => !server.IsReplica))
        {
            await foreach (var key in server.KeysAsync(pattern: $"*{_prefix}*", pageSize: 5000))
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>The server whose clock is asked; those of a cluster on one machine have the same.</summary>
    private async Task<IServer> ServerAsync() => (await ConnectAsync()).GetServers()[0];

    private async Task<ConnectionMultiplexer> ConnectAsync() =>
        await Connections.GetOrAdd(await configure(), configuration => new(() => ConnectionMultiplexer.ConnectAsync(configuration))).Value;
}
