using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>The append queues of a store, one for each partition that it appends to.</summary>
internal sealed class AppendQueues(RedisBackend backend, SessionStoreOptions options, RedisSessionStoreOptions redis, SessionChangeListeners listeners, ILogger logger)
    : IAsyncDisposable
{
    private readonly AppendBudget _budget = new(redis.MaxQueuedFrames, redis.MaxQueuedBytes);
    private readonly ConcurrentDictionary<RedisPartition, AppendQueue> _queues = [];

    public long QueuedFrames => _budget.Frames;

    public long QueuedBytes => _budget.Bytes;

    public long OpenCircuits => backend.Circuits.OpenCount;

    /// <summary>The queue of a session. Only the first call of a store has to wait for it.</summary>
    public bool TryGet(SessionId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AppendQueue? queue)
    {
        queue = backend.Layout is { } layout ? Get(layout.PartitionOf(id)) : null;
        return queue is not null;
    }

    /// <summary>Notes that a session was created: what is known of an earlier generation of its id does not hold for it.</summary>
    public void NoteCreated(SessionId id)
    {
        if (backend.Layout is { } layout && _queues.TryGetValue(layout.PartitionOf(id), out var queue))
        {
            queue.NoteCreated(id);
        }
    }

    public async ValueTask<AppendQueue> GetAsync(RedisCall call, CancellationToken cancellationToken)
    {
        var layout = await backend.GetLayoutAsync(call, cancellationToken).ConfigureAwait(false);
        return Get(layout.PartitionOf(call.Id.GetValueOrDefault()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues.Values)
        {
            await queue.DisposeAsync().ConfigureAwait(false);
        }
    }

    private AppendQueue Get(RedisPartition partition) =>
        _queues.GetOrAdd(partition, static (key, self) => self.NewQueue(key), this);

    private AppendQueue NewQueue(RedisPartition partition) =>
        new(backend, partition, options, _budget, redis.QueueFullMode == AppendQueueFullMode.Wait, listeners, logger);
}
