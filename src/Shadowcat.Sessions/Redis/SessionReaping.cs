namespace Shadowcat.Sessions;

/// <summary>Counts the live sessions, and on the way removes those that expired and tells of each of them.</summary>
internal sealed class SessionReaping(RedisBackend backend, ExpirationListeners listeners)
{
    /// <summary>Counts and reaps in all partitions, as one operation that is measured.</summary>
    public ValueTask<(long Live, long Reaped)> CountAsync(string operation, CancellationToken cancellationToken) =>
        backend.Telemetry.MeasureAsync(operation, () => CountAllAsync(operation, cancellationToken));

    private async ValueTask<(long Live, long Reaped)> CountAllAsync(string operation, CancellationToken cancellationToken)
    {
        var call = backend.NewCall(operation);
        var layout = await backend.GetLayoutAsync(call, cancellationToken).ConfigureAwait(false);
        var partitions = layout.Partitions.Select(partition => CountAsync(call, partition, cancellationToken).AsTask());
        var counts = await Task.WhenAll(partitions).ConfigureAwait(false);
        return (counts.Sum(count => count.Live), counts.Sum(count => count.Reaped));
    }

    private async ValueTask<(long Live, long Reaped)> CountAsync(RedisCall call, RedisPartition partition, CancellationToken cancellationToken)
    {
        var total = 0L;
        while (true)
        {
            var (live, reaped) = await backend.RunAsync(
                call, partition, database => CountSessions.StepAsync(database, partition), cancellationToken).ConfigureAwait(false);
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
