using System.Collections.Concurrent;
using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stores on the shared server, under a key prefix of their own.</summary>
internal sealed class RedisHarness(RedisFixture redis, int partitions) : IStoreHarness
{
    // One connection for all tests: it lives as long as the process.
    private static readonly ConcurrentDictionary<string, Lazy<Task<ConnectionMultiplexer>>> Connections = new(StringComparer.Ordinal);

    private readonly string _prefix = RedisFixture.NewPrefix();
    private readonly List<RedisSessionStore> _stores = [];

    public async ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null)
    {
        var store = new RedisSessionStore(
            await ConnectAsync(), options, new RedisSessionStoreOptions { KeyPrefix = _prefix, Partitions = partitions }, listeners);
        _stores.Add(store);
        return store;
    }

    public async ValueTask<DateTimeOffset> NowAsync() => new(await (await ServerAsync()).TimeAsync());

    public async Task ElapseAsync(TimeSpan time)
    {
        var until = await NowAsync() + time;
        await Poll.UntilAsync(async () => await NowAsync() >= until, $"the server's clock is {time} further");
    }

    // Layout and writers are the backend's own, and the tombstone of a deleted session outlives it for a while on purpose.
    public async ValueTask<IReadOnlyCollection<string>> LeftoversAsync() =>
        [.. (await KeysAsync())
            .Select(key => key.ToString())
            .Where(key => !key.EndsWith(":layout", StringComparison.Ordinal))
            .Where(key => !key.EndsWith("}:writers", StringComparison.Ordinal) && !key.Contains("}:tombstone:", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await (await ConnectAsync()).GetDatabase().KeyDeleteAsync([.. await KeysAsync()]);
    }

    private async Task<List<RedisKey>> KeysAsync()
    {
        var keys = new List<RedisKey>();
        await foreach (var key in (await ServerAsync()).KeysAsync(pattern: $"*{_prefix}*", pageSize: 5000))
        {
            keys.Add(key);
        }

        return keys;
    }

    private async Task<IServer> ServerAsync()
    {
        var connection = await ConnectAsync();
        return connection.GetServer(connection.GetEndPoints()[0]);
    }

    private Task<ConnectionMultiplexer> ConnectAsync() =>
        Connections.GetOrAdd(redis.Configuration, configuration => new(() => ConnectionMultiplexer.ConnectAsync(configuration))).Value;
}
