using System.Collections.Concurrent;
using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>Receives from sentinels every failover, also of those that nobody ordered.</summary>
/// <remarks>
/// Sentinels now and then replace a primary that is well: for some seconds behind a failover they still count what the others said of the primary before, so
/// that one of them is enough which waits in vain for an answer of the new one. Until it learns of that, that primary goes on acknowledging.
/// </remarks>
internal sealed class SentinelFailovers : IAsyncDisposable
{
    /// <summary>The events that explain which server was the primary for whom.</summary>
    private static readonly string[] Followed = ["+sdown", "-sdown", "+try-failover", "+failover-end", "+config-update-from", "+switch-master", "+convert-to-slave", "+role-change", "+tilt", "-tilt"];

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<Failover> _failovers = new();
    private readonly ConcurrentQueue<string> _events = new();
    private readonly List<ConnectionMultiplexer> _connections = [];
    private TimeSpan? _tried;

    private SentinelFailovers()
    {
    }

    /// <summary>Those that came to an end.</summary>
    public IReadOnlyCollection<Failover> Ended => _failovers;

    /// <summary>What the sentinels said of servers and of each other, and when.</summary>
    public IReadOnlyCollection<string> Events => _events;

    public static async Task<SentinelFailovers> SubscribeAsync(RedisSentinel sentinel)
    {
        var failovers = new SentinelFailovers();
        foreach (var watcher in sentinel.Sentinels)
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { watcher.Endpoint }, CommandMap = CommandMap.Sentinel, TieBreaker = "" });
            failovers._connections.Add(connection);
            await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal("+try-failover"), (_, _) => failovers.Begin());
            await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal("+switch-master"), (_, _) => failovers.End());
            foreach (var followed in Followed)
            {
                await connection.GetSubscriber().SubscribeAsync(
                    RedisChannel.Literal(followed),
                    (channel, message) => failovers._events.Enqueue($"{Clock.Now.TotalSeconds:0.000} s, sentinel {watcher.Port}: {channel} {message}"));
            }
        }

        return failovers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            _tried ??= Clock.Now - RedisSentinel.DownAfter;
        }
    }

    /// <summary>The first sentinel that names another primary ends it; the others follow.</summary>
    private void End()
    {
        lock (_lock)
        {
            if (_tried is { } tried)
            {
                _failovers.Enqueue(new Failover(tried, Clock.Now));
                _tried = null;
            }
        }
    }
}
