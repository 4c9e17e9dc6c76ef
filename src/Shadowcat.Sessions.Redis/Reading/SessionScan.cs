namespace Shadowcat.Sessions.Redis;

/// <summary>Goes through all sessions, a batch at a time, the next ones on their way while the caller is busy with the one before.</summary>
/// <remarks>Entries of the index are asked for before the sessions of those that came last: so the next batch can be asked for while the server reads this one.</remarks>
internal sealed class SessionScan(RedisBackend backend, IndexMerge index, int batchSize, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>How many batches are on their way, so that the server always has one to work on.</summary>
    private const int BatchesAhead = 2;

    private readonly Queue<Task<ListedSession[]>> _ahead = new();
    private bool _ended;

    /// <summary>The next batch; null at the end. It may be empty.</summary>
    public async ValueTask<ListedSession[]?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        _ended = true; // unless there is another batch; where that fails, this was all
        cancellationToken.ThrowIfCancellationRequested();
        while (_ahead.Count < BatchesAhead && index.HasMore)
        {
            _ahead.Enqueue(ReadAsync(await index.NextAsync(batchSize).ConfigureAwait(false)));
        }

        if (!_ahead.TryDequeue(out var batch))
        {
            return null;
        }

        var sessions = await batch.ConfigureAwait(false);
        _ended = false;
        return sessions;
    }

    public void Dispose()
    {
        _ended = true;
        index.Dispose();
        while (_ahead.TryDequeue(out var batch))
        {
            AbandonedReply.Observe(batch);
        }
    }

    private Task<ListedSession[]> ReadAsync(List<SessionPlace> places) => backend.Telemetry.MeasureAsync(
        Operations.ListSessions, () => ListedSession.ReadAsync(backend, backend.NewCall(Operations.ListSessions), places, cancellationToken)).AsTask();
}
