using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The connections of a store.</summary>
/// <remarks>
/// <para>What one command sends goes by one connection, in its order, so that a length is read before the hash where a read relies on that. Between commands the contract
/// needs only that a call sees the effects of calls that completed before it. Those were answered by the server, whichever connection they used. Calls that
/// overlap may be carried out in either order on one connection too, because each may be tried again.</para>
/// <para>The appends of a partition, pushes and scripts, share one connection. So the pushes of a session are never in two sockets at a time, and what arrives late
/// arrives over a connection that was closed, which fencing tokens guard against.</para>
/// </remarks>
internal sealed class RedisTargets : IDisposable
{
    private readonly RedisTarget[] _targets;

    public RedisTargets(IReadOnlyList<IConnectionMultiplexer> connections, RedisLayout layout, ServerFindings found = default)
    {
        _targets = [.. connections.Select(connection => new RedisTarget(connection.GetDatabase(), layout, connections.Count > 1, found.Evicts))];
        Found = found;
    }

    /// <summary>What was found out about the servers when the store connected.</summary>
    public ServerFindings Found { get; }

    public RedisLayout Layout => First.Layout;

    /// <summary>The connection that subscriptions are made on.</summary>
    public RedisTarget First => _targets[0];

    /// <summary>The connection that the appends of a partition go by.</summary>
    public RedisTarget Of(RedisPartition partition) => _targets[partition.Number % _targets.Length];

    /// <summary>Begins to count how often connections are lost.</summary>
    public void Watch() => Array.ForEach(_targets, static target => target.Watch());

    public void Dispose() => Array.ForEach(_targets, static target => target.Unwatch());

    /// <summary>The connection with the fewest answers outstanding, of those that are connected.</summary>
    public RedisTarget Choose()
    {
        if (_targets.Length == 1)
        {
            return First;
        }

        RedisTarget? best = null;
        foreach (var target in _targets)
        {
            if ((best is null || target.Outstanding < best.Outstanding) && target.IsConnected)
            {
                best = target;
            }
        }

        return best ?? First;
    }
}
