using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Goes through all sessions, a batch at a time, the next one on its way while the caller is busy with the one before.</summary>
/// <remarks>A batch and the entries of the index that the next one is made of are one round trip.</remarks>
internal sealed class SessionScan(RedisBackend backend, SessionListing listing, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>So few that the buffers of their replies come from the pool and go back to it, and that no other caller waits long behind them.</summary>
    private const int BatchSize = 64;

    private Task<SessionBatch>? _ahead;
    private bool _ended;

    /// <summary>The next batch, which the caller disposes of; null at the end. It may be empty.</summary>
    public async ValueTask<SessionBatch?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        _ended = true; // unless there is another batch; where that fails, this was all
        var reading = _ahead ?? ReadAsync(default, null);
        _ahead = null;
        var batch = await reading.ConfigureAwait(false);
        _ended = batch.Next.Partition == backend.Layout!.Partitions.Count;
        if (!_ended)
        {
            _ahead = ReadAsync(batch.Next, batch.Following);
        }

        return batch;
    }

    public void Dispose()
    {
        _ended = true;
        if (_ahead is { } ahead)
        {
            _ahead = null;
            _ = RedisCommand.ForgetAsync(ahead);
        }
    }

    /// <summary>Reads the sessions that entries of the index name, and the entries behind them.</summary>
    /// <param name="place">Where the entries are.</param>
    /// <param name="entries">The entries; null where they have to be read first.</param>
    private async Task<SessionBatch> ReadAsync(IndexPlace place, RedisValue[]? entries)
    {
        var next = entries is null ? place : place.Behind(entries, BatchSize);
        var ids = listing.ToIds(entries ?? []);
        return await backend.Telemetry.MeasureAsync(Operations.ListSessions, () => backend.RunAsync(
            backend.NewCall(Operations.ListSessions),
            async (database, layout) =>
            {
                var readings = ReadSession.Start(database, layout, ids);
                try
                {
                    // What was asked for last is answered last.
                    if (next.Partition < layout.Partitions.Count)
                    {
                        return new SessionBatch(ids, readings, next, await next.ReadAsync(database, layout, BatchSize).ConfigureAwait(false));
                    }

                    await (readings.Length > 0 ? readings[^1].Answer : Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return new SessionBatch(ids, readings, next, []);
                }
                catch
                {
                    SessionReading.Forget(readings);
                    throw;
                }
            },
            cancellationToken)).ConfigureAwait(false);
    }
}
