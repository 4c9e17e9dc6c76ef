using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The connections of a store.</summary>
/// <remarks>
/// <para>What one command sends goes by one connection, in its order: where reading rests on the length being read before the hash, it is.
/// Between commands the contract needs no more than that a call sees what calls did that were completed before it, and those the server has answered,
/// whichever connection they came by. Calls that overlap may be carried out in either order on one connection as well, as each may be tried again.</para>
/// <para>The appends of a partition, pushes and scripts, share one connection: the pushes of a session are never in two sockets at a time, so that what
/// arrives late arrives over a connection that was given up, which is what fencing tokens are made for.</para>
/// </remarks>
internal sealed class RedisTargets : IDisposable
{
    private readonly RedisTarget[] _targets;

    public RedisTargets(IReadOnlyList<IConnectionMultiplexer> connections, RedisLayout layout, ServerFindings found = default)
    {
        _targets = [.. connections.Select(connection => new RedisTarget(connection.GetDatabase(), layout, connections.Count > 1, found.Evicts))];
        Found = found;
    }

    /// <summary>What was found out about the servers.</summary>
    public ServerFindings Found { get; }

    public RedisLayout Layout => First.Layout;

    /// <summary>The one that subscriptions are made on.</summary>
    public RedisTarget First => _targets[0];

    /// <summary>The one that the appends of a partition go by.</summary>
    public RedisTarget Of(RedisPartition partition) => _targets[partition.Number % _targets.Length];

    /// <summary>Begins to count how often connections are lost.</summary>
    public void Watch() => Array.ForEach(_targets, static target => target.Watch());

    public void Dispose() => Array.ForEach(_targets, static target => target.Unwatch());

    /// <summary>The one with the fewest answers outstanding, of those that are connected.</summary>
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
