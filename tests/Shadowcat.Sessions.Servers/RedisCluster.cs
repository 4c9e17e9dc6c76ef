using System.Diagnostics;
using System.Globalization;

namespace Shadowcat.Sessions.Servers;

/// <summary>A Redis Cluster of processes on loopback: three primaries, each with a replica.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Primaries = 3;
    private const int Replicas = 1;
    private const int Slots = 16384;

    /// <summary>After 5 s a server gives a failover up, and says so in its log only: then it has to be asked again.</summary>
    private static readonly TimeSpan LongestFailover = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<RedisProcess> _nodes = [];

    private RedisCluster()
    {
    }

    /// <summary>How long a node has to be silent until the others replace it.</summary>
    public static TimeSpan NodeTimeout { get; } = TimeSpan.FromSeconds(1);

    public IReadOnlyList<RedisProcess> Nodes => _nodes;

    /// <summary>What to give StackExchange.Redis.</summary>
    public string Configuration => string.Join(',', _nodes.Select(node => node.Endpoint));

    /// <summary>Starts a cluster and waits until every slot is served and every replica follows its primary.</summary>
    /// <param name="arguments">What each server's command line has beside what makes it a node.</param>
    public static Task<RedisCluster> StartAsync(params string[] arguments) => StartAsync(tls: null, arguments);

    /// <summary>Starts a cluster and waits until every slot is served and every replica follows its primary.</summary>
    /// <param name="tls">What its nodes speak TLS by, to clients and to one another; null for a cluster that does not.</param>
    /// <param name="arguments">What each server's command line has beside what makes it a node.</param>
    public static async Task<RedisCluster> StartAsync(ServerTls? tls, params string[] arguments)
    {
        var cluster = new RedisCluster();
        try
        {
            await cluster.CreateAsync(tls, arguments);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster as the first node sees it that answers.</summary>
    public async Task<IReadOnlyList<ClusterNode>> ViewAsync()
    {
        foreach (var node in _nodes.Where(node => node.IsRunning))
        {
            return await ViewAsync(node);
        }

        throw new InvalidOperationException("No node of the cluster runs.");
    }

    /// <summary>The node that serves a slot.</summary>
    public async Task<ClusterNode> PrimaryOfAsync(int slot) =>
        (await ViewAsync()).First(node => node.IsPrimary && node.Serves(slot));

    /// <summary>Lets a replica take over from its primary as an operator would: nothing is lost.</summary>
    public async Task FailOverAsync(ClusterNode replica)
    {
        long? asked = null;
        await Poll.UntilAsync(
            async () =>
            {
                if ((await ViewAsync()).Any(node => node.Id == replica.Id && node.IsPrimary))
                {
                    return true;
                }

                if (asked is null || Stopwatch.GetElapsedTime(asked.Value) > LongestFailover)
                {
                    await replica.Process.CommandAsync("CLUSTER", "FAILOVER");
                    asked = Stopwatch.GetTimestamp();
                }

                return false;
            },
            "the replica has taken over",
            Patience);
    }

    /// <summary>Waits until a replica has taken over from a primary that is gone, and every node that runs knows.</summary>
    public Task WaitUntilReplacedAsync(ClusterNode primary) => Poll.UntilAsync(
        async () =>
        {
            foreach (var node in _nodes.Where(node => node.IsRunning))
            {
                var view = await ViewAsync(node);
                if (view.Where(other => other.IsPrimary && other.Id != primary.Id).Sum(other => other.SlotCount) < Slots)
                {
                    return false;
                }
            }

            return true;
        },
        "a replica has taken over",
        Patience);

    /// <summary>Moves one slot with all its keys to another primary, as an operator's tool would.</summary>
    public async Task MigrateAsync(int slot, ClusterNode target)
    {
        var source = await BeginMigrationAsync(slot, target);
        while (await MoveKeysAsync(slot, source, target, static keys => keys.Take(10)))
        {
        }

        await EndMigrationAsync(slot, target);
    }

    /// <summary>Notifies both sides that a slot is going to move.</summary>
    /// <returns>The primary that it moves from.</returns>
    public async Task<ClusterNode> BeginMigrationAsync(int slot, ClusterNode target)
    {
        var source = await PrimaryOfAsync(slot);
        await target.Process.CommandAsync("CLUSTER", "SETSLOT", Text(slot), "IMPORTING", source.Id);
        await source.Process.CommandAsync("CLUSTER", "SETSLOT", Text(slot), "MIGRATING", target.Id);
        return source;
    }

    /// <summary>Moves some of the keys that a slot still has at its source.</summary>
    /// <returns>Whether there were any.</returns>
    public static async Task<bool> MoveKeysAsync(int slot, ClusterNode source, ClusterNode target, Func<IEnumerable<string>, IEnumerable<string>> choose)
    {
        var keys = await source.Process.CommandAsync("CLUSTER", "GETKEYSINSLOT", Text(slot), "1000");
        string[] chosen = [.. choose(keys.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (chosen.Length > 0)
        {
            await source.Process.CommandAsync(["MIGRATE", "127.0.0.1", Text(target.Process.Port), "", "0", "5000", "KEYS", .. chosen]);
        }

        return chosen.Length > 0;
    }

    /// <summary>Notifies every primary that a slot has moved.</summary>
    public async Task EndMigrationAsync(int slot, ClusterNode target)
    {
        foreach (var node in (await ViewAsync()).Where(node => node.IsPrimary).OrderByDescending(node => node.Id == target.Id))
        {
            await node.Process.CommandAsync("CLUSTER", "SETSLOT", Text(slot), "NODE", target.Id);
        }
    }

    /// <summary>Waits until every node that runs says that the cluster is whole, and every replica follows a primary.</summary>
    public Task WaitUntilWholeAsync() => Poll.UntilAsync(
        async () =>
        {
            try
            {
                foreach (var node in _nodes)
                {
                    if (!(await node.CommandAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal)
                        || (await node.CommandAsync("INFO", "replication")) is var replication
                        && replication.Contains("role:slave", StringComparison.Ordinal) && !replication.Contains("master_link_status:up", StringComparison.Ordinal)
                        || (await node.CommandAsync("CLUSTER", "NODES")) is var nodes
                        && (nodes.Contains("fail", StringComparison.Ordinal)
                            || nodes.Split('\n').Count(line => line.Contains("slave ", StringComparison.Ordinal)) != Primaries * Replicas)) // as far as the gossip has come
                    {
                        return false;
                    }
                }

                return true;
            }
            catch (InvalidOperationException exception) when (exception.Message.Contains("LOADING", StringComparison.Ordinal))
            {
                // What was killed reads its log first.
                return false;
            }
        },
        "the cluster is whole",
        Patience);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<ClusterNode>> ViewAsync(RedisProcess node) =>
        [.. (await node.CommandAsync("CLUSTER", "NODES")).Split('\n').Select(line => ClusterNode.Parse(line, _nodes))];

    private async Task CreateAsync(ServerTls? tls, string[] arguments)
    {
        for (var node = 0; node < Primaries * (1 + Replicas); node++)
        {
            _nodes.Add(await RedisProcess.LaunchAsync(
            tls,
            [
                "--cluster-enabled", "yes",
                "--cluster-node-timeout", NodeTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
                // What is left of a cluster that lost a node goes on serving its own slots.
                "--cluster-require-full-coverage", "no",
                // A replica takes over however long ago it had contact with its primary, and is not held up in following one.
                "--cluster-replica-validity-factor", "0",
                "--repl-diskless-sync-delay", "0",
                .. arguments,
            ]));
        }

        await RedisCli.RunAsync(
        [
            .. _nodes[0].Connecting, "--cluster", "create", .. _nodes.Select(node => node.Endpoint),
            "--cluster-replicas", Replicas.ToString(CultureInfo.InvariantCulture), "--cluster-yes",
        ]);
        await WaitUntilWholeAsync();
    }
}
