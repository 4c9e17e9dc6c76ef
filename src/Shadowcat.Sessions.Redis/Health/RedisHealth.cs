using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Checks the servers: whether they answer, accept writes, and have the layout of the store.</summary>
/// <param name="backend">Sends the checks.</param>
/// <param name="levels">What waits for the servers.</param>
/// <param name="redis">The options of the store.</param>
internal sealed class RedisHealth(RedisBackend backend, AppendQueues levels, RedisSessionStoreOptions redis)
{
    /// <remarks>An HMGET of the layout record, and a script for each primary that has a partition.</remarks>
    public async ValueTask<SessionStoreHealth> CheckAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        backend.ThrowIfDisposed();
        return WithBreaker(await ProbeAsync(timeout, cancellationToken).ConfigureAwait(false), backend.Circuits.Outage);
    }

    private async ValueTask<SessionStoreHealth> ProbeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new HealthLimit(timeout, cancellationToken);
        var health = SessionStoreHealth.Healthy
            .With(HealthFacts.Store, RedisAddress.SystemName)
            .With(HealthFacts.QueuedFrames, levels.QueuedFrames)
            .With(HealthFacts.QueuedBytes, levels.QueuedBytes);
        var layout = await HealthProbe<RedisLayout>.RunAsync(
            token => backend.GetLayoutAsync(backend.NewCall(Operations.CheckHealth), token), limit, cancellationToken).ConfigureAwait(false);
        var record = HealthProbe<RedisValue[]>.RunAsync(ReadRecordAsync, limit, cancellationToken);
        if (layout.Answer is not { } agreed)
        {
            return health
                .With(HealthFacts.Reachable, (await record.ConfigureAwait(false)).Problem is null)
                .With(HealthFacts.Writable, false)
                .Failed($"The store cannot work: {layout.Problem}", layout.IsOutage);
        }

        var multiplexer = await backend.GetConnectionAsync().ConfigureAwait(false);
        var servers = multiplexer.GetServers().Where(static server => server is { IsConnected: true, ServerType: not ServerType.Sentinel }).ToList();
        if (servers.Min(static server => server.Version) is { } version)
        {
            health = health.With(HealthFacts.ServerVersion, version.ToString());
        }

        var probes = await Task.WhenAll(PrimaryPartitions.OneOfEach(agreed, multiplexer).Select(partition => HealthProbe<string>.RunAsync(
            token => backend.RunAsync(backend.NewCall(Operations.CheckHealth), partition, database => ProbePartition.RunAsync(database, partition), token),
            limit,
            cancellationToken))).ConfigureAwait(false);
        health = backend.TakeRefusal() is { } refused ? health.Failed($"Nothing can be written: {HealthFacts.Describe(refused, timeout)}", isOutage: false) : health;
        return WithPolicies(WithProbes(WithRecord(health, agreed, await record.ConfigureAwait(false)), probes), probes);
    }

    private static SessionStoreHealth WithRecord(SessionStoreHealth health, RedisLayout layout, HealthProbe<RedisValue[]> record)
    {
        health = health.With(HealthFacts.Partitions, layout.Partitions.Count);
        if (record.Answer is not { } fields)
        {
            // Only one primary of a cluster has it: the writes show whether that is all that is wrong.
            return health.With(HealthStatus.Degraded, $"The layout record cannot be read: {record.Problem}");
        }

        var agrees = layout.IsRecordedBy(fields);
        health = health.With(HealthFacts.LayoutAgrees, agrees);
        return agrees ? health
            : Array.TrueForAll(fields, static field => field.IsNull) ? health.With(HealthStatus.Degraded, "The layout record is missing, and sessions may be missing too. Reaping, or the next store that connects, writes it again.")
            : health.Failed("The layout record has changed since this store connected: other processes keep sessions in other keys. Restart the process, with the same options everywhere.", isOutage: false);
    }

    private static SessionStoreHealth WithProbes(SessionStoreHealth health, HealthProbe<string>[] probes)
    {
        var serving = probes.Count(static probe => probe.Problem is null);
        health = health
            .With(HealthFacts.Reachable, serving > 0 || health.Facts.ContainsKey(HealthFacts.LayoutAgrees))
            .With(HealthFacts.Writable, serving == probes.Length)
            .With(HealthFacts.Primaries, probes.Length)
            .With(HealthFacts.PrimariesServing, serving)
            .With(HealthFacts.Latency, HealthFacts.Milliseconds(probes.Max(static probe => probe.Latency)));
        var failed = Array.FindAll(probes, static probe => probe.Problem is not null);
        return serving == probes.Length ? health
            : serving == 0 ? health.Failed($"Nothing can be written: {failed[0].Problem}", Array.TrueForAll(failed, static probe => probe.IsOutage))
            : health.With(HealthStatus.Degraded, $"{failed.Length} of {probes.Length} primaries take no writes: {failed[0].Problem}");
    }

    /// <summary>Adds the state of the circuit breaker. Where a probe was refused by it, that is reported already.</summary>
    private static SessionStoreHealth WithBreaker(SessionStoreHealth health, SessionStoreOutage? outage)
    {
        health = health.With(HealthFacts.Breaker, outage is null ? "closed" : outage.IsPartial ? "partly_open" : "open");
        var status = outage is null ? HealthStatus.Healthy : outage.IsPartial ? HealthStatus.Degraded : HealthStatus.Unhealthy;
        const string problem = "Calls to a server fail at once: its circuit is open.";
        return health.Status <= status ? health
            : status == HealthStatus.Degraded ? health.With(status, problem)
            : health.Failed(problem, isOutage: true);
    }

    private async ValueTask<RedisValue[]> ReadRecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = (await backend.GetConnectionAsync().ConfigureAwait(false)).GetDatabase();
            return await database.HashGetAsync(RedisLayout.RecordKey(redis.KeyPrefix), RedisLayout.RecordFields).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            throw RedisFaults.Translate(exception, Operations.CheckHealth, null, backend.Timeouts.Of(Operations.CheckHealth));
        }
    }

    private static SessionStoreHealth WithPolicies(SessionStoreHealth health, HealthProbe<string>[] probes)
    {
        // Of several servers, one that evicts counts.
        var known = probes.Select(static probe => probe.Answer).Where(static policy => policy is { Length: > 0 }).ToList();
        var policy = known.Find(MemoryPolicy.Evicts) ?? known.FirstOrDefault();
        health = policy is null ? health : health.With(HealthFacts.MemoryPolicy, policy);
        return MemoryPolicy.Evicts(policy)
            ? health.With(HealthStatus.Degraded, $"The server evicts keys when its memory is full (maxmemory-policy {policy}): sessions and acknowledged frames may vanish. It should be noeviction.")
            : health;
    }
}
