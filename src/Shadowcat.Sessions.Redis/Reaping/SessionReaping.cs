using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Counts the live sessions, and removes those that expired and notifies of each.</summary>
/// <remarks>
/// A count has one timeout for everything. Reaping runs in the background and continues where it stopped, so each of its steps has that time: it gets through however many
/// sessions expired at once. It also looks at some entries of the indexes whatever their deadline, so that indexes and sessions match again where a server or a person removed one
/// without the others.
/// </remarks>
internal sealed class SessionReaping(RedisBackend backend, SessionExpirationListeners listeners)
{
    private readonly ConcurrentDictionary<RedisPartition, PartitionReaping> _partitions = [];

    /// <summary>Counts the live sessions.</summary>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => backend.Telemetry.MeasureAsync(Operations.CountSessions, async () =>
    {
        var call = backend.NewCall(Operations.CountSessions);
        return (await ForEachAsync(() => call, scrubs: false, cancellationToken).ConfigureAwait(false)).Live;
    });

    /// <summary>Removes the expired sessions.</summary>
    /// <returns>How many this process removed.</returns>
    public ValueTask<long> ReapAsync(CancellationToken cancellationToken) => backend.Telemetry.MeasureAsync(
        Operations.ReapExpiredSessions,
        async () => (await ForEachAsync(() => backend.NewCall(Operations.ReapExpiredSessions), scrubs: true, cancellationToken).ConfigureAwait(false)).Reaped);

    private async ValueTask<(long Live, long Reaped)> ForEachAsync(Func<RedisCall> step, bool scrubs, CancellationToken cancellationToken)
    {
        var layout = await backend.GetLayoutAsync(step(), cancellationToken).ConfigureAwait(false);
        var partitions = layout.Partitions.Select(async partition =>
        {
            var reaping = _partitions.GetOrAdd(partition, static key => new PartitionReaping(key));
            var (live, reaped) = await CountAsync(step, reaping, cancellationToken).ConfigureAwait(false);
            reaped += scrubs ? await ScrubAsync(step, reaping, cancellationToken).ConfigureAwait(false) : 0;
            if (reaping.HasRecord)
            {
                await InTurnAsync(step(), reaping, reaping.EndAsync, cancellationToken).ConfigureAwait(false);
            }

            return (Live: live, Reaped: reaped);
        });
        var counts = await Task.WhenAll(partitions).ConfigureAwait(false);
        return (counts.Sum(count => count.Live), counts.Sum(count => count.Reaped));
    }

    private async ValueTask<(long Live, long Reaped)> CountAsync(Func<RedisCall> step, PartitionReaping reaping, CancellationToken cancellationToken)
    {
        var total = 0L;
        while (true)
        {
            var (counted, _) = await backend.RunAsync(step(), reaping.Partition, reaping.CountAsync, cancellationToken).ConfigureAwait(false);
            if (counted is { } count)
            {
                return (count, total);
            }

            var (_, reaped) = await InTurnAsync(step(), reaping, reaping.StepAsync, cancellationToken).ConfigureAwait(false);
            total += await NotifyAsync(reaped, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<long> ScrubAsync(Func<RedisCall> step, PartitionReaping reaping, CancellationToken cancellationToken)
    {
        var total = 0L;
        bool more;
        do
        {
            (more, var reaped) = await InTurnAsync(step(), reaping, reaping.ScrubAsync, cancellationToken).ConfigureAwait(false);
            total += await NotifyAsync(reaped, cancellationToken).ConfigureAwait(false);
        }
        while (more);

        return total;
    }

    private async ValueTask<T> InTurnAsync<T>(RedisCall call, PartitionReaping reaping, Func<IDatabase, Task<T>> step, CancellationToken cancellationToken)
    {
        if (!await reaping.Turn.WaitAsync(call.Timeout, cancellationToken).ConfigureAwait(false))
        {
            throw new SessionTimeoutException(call.Operation, null, call.Timeout, innerException: null, backend.Address.EndPoint);
        }

        try
        {
            return await backend.RunAsync(call, reaping.Partition, step, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            reaping.Turn.Release();
        }
    }

    private async ValueTask<long> NotifyAsync(IReadOnlyList<SessionId> reaped, CancellationToken cancellationToken)
    {
        backend.Telemetry.CountReapedSessions(reaped.Count);
        await listeners.NotifyAsync(reaped, cancellationToken).ConfigureAwait(false);
        return reaped.Count;
    }
}
