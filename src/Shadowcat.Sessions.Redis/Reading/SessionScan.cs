using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Goes through all sessions, a batch at a time, the next ones on their way while the caller is busy with the one before.</summary>
/// <remarks>Entries of the index are asked for before the sessions of those that came last: so the next batch can be asked for while the server reads this one.</remarks>
internal sealed class SessionScan(RedisBackend backend, SessionListing listing, CancellationToken cancellationToken) : IDisposable
{
    private const int BatchSize = ReadSessions.MaxTogether;

    /// <summary>How many batches are on their way, so that the server always has one to work on.</summary>
    private const int BatchesAhead = 2;

    private readonly Queue<Task<SessionAnswer[]>> _ahead = new();
    private IndexPlace _place;
    private Task<RedisValue[]>? _entries;
    private bool _ended;

    /// <summary>The next batch; null at the end. It may be empty.</summary>
    public async ValueTask<SessionAnswer[]?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        _ended = true; // unless there is another batch; where that fails, this was all
        while (_ahead.Count < BatchesAhead && _place.Partition < backend.Layout!.Partitions.Count)
        {
            var entries = await (_entries ?? ReadEntriesAsync()).ConfigureAwait(false);
            _place = _place.Behind(entries, BatchSize);
            _entries = _place.Partition < backend.Layout.Partitions.Count ? ReadEntriesAsync() : null;
            _ahead.Enqueue(ReadSessionsAsync(listing.ToIds(entries)));
        }

        if (!_ahead.TryDequeue(out var batch))
        {
            return null;
        }

        var answers = await batch.ConfigureAwait(false);
        _ended = false;
        return answers;
    }

    public void Dispose()
    {
        _ended = true;
        if (_entries is { } entries)
        {
            AbandonedReply.Observe(entries);
        }

        while (_ahead.TryDequeue(out var batch))
        {
            AbandonedReply.Observe(batch);
        }
    }

    private Task<RedisValue[]> ReadEntriesAsync()
    {
        var place = _place;
        return backend.RunAsync(
            backend.NewCall(Operations.ListSessions), (database, layout) => place.ReadAsync(database, layout, BatchSize), cancellationToken).AsTask();
    }

    private Task<SessionAnswer[]> ReadSessionsAsync(List<SessionId> ids) => backend.Telemetry.MeasureAsync(Operations.ListSessions, () => backend.RunAsync(
        backend.NewCall(Operations.ListSessions), ids, (database, layout) => ReadSessions.ReadAsync(database, layout, Operations.ListSessions, ids), cancellationToken)).AsTask();
}
