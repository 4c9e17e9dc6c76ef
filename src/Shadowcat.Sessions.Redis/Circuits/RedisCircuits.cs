using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The circuit breakers of a store: one, or on a cluster one for each primary, so that an outage of one affects its partitions only.</summary>
/// <remarks>
/// Which primary serves a partition is known at first from the description that the cluster gives, then from the moved slots that the client library reports, and while a
/// circuit is open from the server that answers its probes: a partition that a replica took over leaves the circuit of the lost primary.
/// </remarks>
internal sealed class RedisCircuits : IDisposable
{
    private readonly Func<RedisPartition?, Task<EndPoint?>> _ask;
    private readonly RedisSessionStoreOptions _options;
    private readonly ILogger _logger;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TimeSpan _probeTimeout;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<EndPoint, RedisCircuit> _byServer = new();
    private readonly RedisCircuit _whole;
    private IReadOnlyList<IConnectionMultiplexer> _connections = [];
    private RedisLayout? _layout;
    private RedisCircuit[]? _byPartition;
    private int _openCount;

    /// <param name="options">When circuits open, and how often servers are probed then.</param>
    /// <param name="ask">Asks the server of a partition for its end point; without a partition, connects. Throws what is thrown.</param>
    /// <param name="logger">Where outages are logged.</param>
    /// <param name="metrics">Where they are counted.</param>
    /// <param name="time">By which probes are sent.</param>
    /// <param name="address">Where the servers are; null where that is not known.</param>
    public RedisCircuits(
        RedisSessionStoreOptions options, Func<RedisPartition?, Task<EndPoint?>> ask, ILogger logger, RedisMetrics metrics, TimeProvider time, StoreAddress? address = null)
    {
        _ask = ask;
        _options = options;
        _logger = logger;
        _metrics = metrics;
        _time = time;

        // A frozen server answers when it continues, and a connection that breaks reports it. Another probe is sent only where neither happens.
        _probeTimeout = options.OperationTimeout > options.BreakerProbeInterval ? options.OperationTimeout : options.BreakerProbeInterval;
        _whole = NewCircuit(address?.EndPoint);
    }

    /// <summary>How many circuits are open.</summary>
    public int OpenCount => Volatile.Read(ref _openCount);

    /// <summary>The outage that is going on; null where there is none.</summary>
    public SessionStoreOutage? Outage
    {
        get
        {
            var open = OpenCount == 0 ? [] : All.Where(static circuit => circuit.IsOpen).ToList();
            return open.Count == 0
                ? null
                : new SessionStoreOutage(
                    open.Min(static circuit => circuit.Since), open.Sum(static circuit => circuit.FailedCalls), isPartial: Volatile.Read(ref _byPartition) is { } served && !served.All(open.Contains));
        }
    }

    private IEnumerable<RedisCircuit> All => _byServer.Values.Append(_whole);

    /// <summary>The circuit of the server that a session's calls go to.</summary>
    public RedisCircuit Of(SessionId id) =>
        Volatile.Read(ref _byPartition) is null ? _whole : Of(_layout!.PartitionOf(id));

    /// <summary>The circuit of the server that serves a partition.</summary>
    public RedisCircuit Of(RedisPartition partition) =>
        Volatile.Read(ref _byPartition) is { } served ? Volatile.Read(ref served[partition.Number]) : _whole;

    /// <summary>The one circuit of a store that has but one server, or is not connected yet; null on a cluster.</summary>
    public RedisCircuit? OfAll() => Volatile.Read(ref _byPartition) is null ? _whole : null;

    /// <summary>Finds an open circuit, for a call that needs every server.</summary>
    public bool TryFindOpen([NotNullWhen(true)] out RedisCircuit? open)
    {
        open = OpenCount == 0 ? null : All.FirstOrDefault(static circuit => circuit.IsOpen);
        return open is not null;
    }

    /// <summary>Finds an open circuit among those of some sessions.</summary>
    public bool TryFindOpen(IReadOnlyList<SessionId> ids, [NotNullWhen(true)] out RedisCircuit? open)
    {
        open = OpenCount == 0 ? null : ids.Select(Of).FirstOrDefault(static circuit => circuit.IsOpen);
        return open is not null;
    }

    /// <summary>Gives each primary of a cluster a circuit of its own. Called once the layout is known.</summary>
    public void Follow(IReadOnlyList<IConnectionMultiplexer> connections, RedisLayout layout)
    {
        var servers = connections[0].GetServers();
        if (_byPartition is not null || !Array.Exists(servers, static server => server.ServerType == ServerType.Cluster))
        {
            return;
        }

        var cluster = Array.Find(servers, static server => server is { IsConnected: true, ClusterConfiguration: not null })?.ClusterConfiguration;
        var byPartition = layout.Partitions
            .Select(partition => cluster?.GetBySlot(connections[0].GetHashSlot(partition.Active))?.EndPoint is { } server ? Of(server) : _whole)
            .ToArray();
        _layout = layout;
        _connections = connections;
        Volatile.Write(ref _byPartition, byPartition);
        foreach (var connection in connections)
        {
            connection.HashSlotMoved += OnHashSlotMoved;
        }
    }

    /// <summary>Ends the probes.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var circuit in All)
        {
            circuit.Retire();
        }

        foreach (var connection in _connections)
        {
            connection.HashSlotMoved -= OnHashSlotMoved;
        }
    }

    private RedisCircuit Of(EndPoint server) => _byServer.GetOrAdd(server, static (server, self) => self.NewCircuit(RedisAddress.EndPointOf(server)), this);

    private RedisCircuit NewCircuit(string? place) => new(place, _options.BreakerEnabled ? _options.BreakerFailures : int.MaxValue, OnOpened, OnClosed, _logger, _time);

    private void OnOpened(RedisCircuit circuit)
    {
        Interlocked.Increment(ref _openCount);
        _metrics.Switched(BreakerState.Open);
        _ = ProbeAsync(circuit);
    }

    private void OnClosed(RedisCircuit circuit)
    {
        Interlocked.Decrement(ref _openCount);
        _metrics.Switched(BreakerState.Closed);
    }

    private void OnHashSlotMoved(object? sender, HashSlotMovedEventArgs moved)
    {
        if (sender is not IConnectionMultiplexer connection || moved.NewEndPoint is null)
        {
            return;
        }

        foreach (var partition in _layout!.Partitions.Where(partition => connection.GetHashSlot(partition.Active) == moved.HashSlot))
        {
            Volatile.Write(ref _byPartition![partition.Number], Of(moved.NewEndPoint));
        }
    }

    /// <summary>Probes until the circuit is closed.</summary>
    private async Task ProbeAsync(RedisCircuit circuit)
    {
        try
        {
            // First, so that partitions that another server serves already do not wait for this one.
            await ProbeAllAsync(circuit).ConfigureAwait(false);
            for (var round = 0; circuit.IsOpen; round++)
            {
                await Task.Delay(_options.BreakerProbeInterval, _time, _stopping.Token).ConfigureAwait(false);
                var partitions = PartitionsOf(circuit);
                if (partitions is [])
                {
                    // Other servers serve its partitions: no call depends on this server any more.
                    circuit.Answered();
                }
                else if (await ProbeAsync(circuit, partitions[round % partitions.Count]).ConfigureAwait(false) && circuit.IsOpen)
                {
                    await ProbeAllAsync(circuit).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The store is closed.
        }
    }

    private Task<bool[]> ProbeAllAsync(RedisCircuit circuit) =>
        Task.WhenAll(PartitionsOf(circuit).Select(partition => ProbeAsync(circuit, partition)));

    /// <summary>Probes the server of a partition.</summary>
    /// <returns>Whether it answered.</returns>
    private async Task<bool> ProbeAsync(RedisCircuit circuit, RedisPartition? partition)
    {
        if (await AskAsync(partition).ConfigureAwait(false) is not (true, var server))
        {
            return false;
        }

        if (partition is null || server is null || ReferenceEquals(Of(server), circuit))
        {
            circuit.Answered();
        }
        else
        {
            Volatile.Write(ref _byPartition![partition.Number], Of(server));
        }

        return true;
    }

    private async Task<(bool IsAnswered, EndPoint? Server)> AskAsync(RedisPartition? partition)
    {
        var asking = _ask(partition);
        try
        {
            return (true, await asking.WaitAsync(_probeTimeout, _time, _stopping.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SessionStoreException || RedisFaults.IsFault(exception))
        {
            AbandonedReply.Observe(asking);
            return (!RedisFaults.IsOutage(exception), null);
        }
        catch (OperationCanceledException)
        {
            AbandonedReply.Observe(asking);
            throw;
        }
    }

    /// <summary>The partitions of a circuit; where there is one circuit for everything, null for any partition.</summary>
    private List<RedisPartition?> PartitionsOf(RedisCircuit circuit) => Volatile.Read(ref _byPartition) is null
        ? [null]
        : [.. _layout!.Partitions.Where(partition => ReferenceEquals(Of(partition), circuit))];
}
