namespace Shadowcat.Sessions;

/// <summary>Counts the live sessions, and on the way removes those that expired and tells of each of them.</summary>
/// <remarks>
/// A count answers within its timeout or not at all. Reaping is done in the background and goes on where it left off, so each of its steps has that time:
/// however many sessions expired at once, it gets through.
/// </remarks>
internal sealed class SessionReaping(RedisBackend backend, ExpirationListeners listeners)
{
    /// <summary>Counts the live sessions.</summary>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => backend.Telemetry.MeasureAsync(Operations.CountSessions, async () =>
    {
        var call = backend.NewCall(Operations.CountSessions);
        return (await CountAsync(() => call, cancellationToken).ConfigureAwait(false)).Live;
    });

    /// <summary>Removes the expired sessions.</summary>
    /// <returns>How many this process removed.</returns>
    public ValueTask<long> ReapAsync(CancellationToken cancellationToken) => backend.Telemetry.MeasureAsync(
        Operations.ReapExpiredSessions,
        async () => (await CountAsync(() => backend.NewCall(Operations.ReapExpiredSessions), cancellationToken).ConfigureAwait(false)).Reaped);

    private async ValueTask<(long Live, long Reaped)> CountAsync(Func<RedisCall> step, CancellationToken cancellationToken)
    {
        var layout = await backend.GetLayoutAsync(step(), cancellationToken).ConfigureAwait(false);
        var partitions = layout.Partitions.Select(partition => CountAsync(step, partition, cancellationToken).AsTask());
        var counts = await Task.WhenAll(partitions).ConfigureAwait(false);
        return (counts.Sum(count => count.Live), counts.Sum(count => count.Reaped));
    }

    private async ValueTask<(long Live, long Reaped)> CountAsync(Func<RedisCall> step, RedisPartition partition, CancellationToken cancellationToken)
    {
        var total = 0L;
        while (true)
        {
            var (live, reaped) = await backend.RunAsync(
                step(), partition, database => CountSessions.StepAsync(database, partition), cancellationToken).ConfigureAwait(false);
            backend.Telemetry.Metrics.ReapedSessions.Add(reaped.Count);
            await listeners.TellAsync(reaped, cancellationToken).ConfigureAwait(false);
            total += reaped.Count;
            if (live is { } count)
            {
                return (count, total);
            }
        }
    }
}
