using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>The append queues of a store, one for each partition that it appends to.</summary>
internal sealed class AppendQueues(RedisBackend backend, SessionStoreOptions options, RedisSessionStoreOptions redis, SessionChangeListeners listeners, ILogger logger)
    : IStoreLevels, IAsyncDisposable
{
    private readonly AppendBudget _budget = new(redis.MaxQueuedFrames, redis.MaxQueuedBytes);
    private readonly ConcurrentDictionary<RedisPartition, AppendQueue> _queues = [];

    public long QueuedFrames => _budget.Frames;

    public long QueuedBytes => _budget.Bytes;

    public long OpenCircuits => backend.Circuits.OpenCount;

    /// <summary>The queue of a session. Only the first call of a store has to wait for it.</summary>
    private bool TryGet(SessionId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AppendQueue? queue)
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

    /// <summary>Appends a frame, as an operation that is measured.</summary>
    public ValueTask<long> AppendAsync(MessageEnvelope frame, CancellationToken cancellationToken) => backend.Telemetry.IsEnabled
        ? backend.Telemetry.Begin(Operations.AddFrame).EndAsync(AppendOneAsync(frame, cancellationToken))
        : AppendOneAsync(frame, cancellationToken);

    /// <summary>Appends frames side by side, as an operation that is measured.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">The session.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="generation">The generation of the session that is meant; empty for whichever has the id.</param>
    /// <param name="since">The sequence from which on they may stand already; -1 where they do not.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public ValueTask<long> AppendAsync(string operation, SessionId id, EncodedFrame[] frames, Guid generation, long since, CancellationToken cancellationToken) => backend.Telemetry.IsEnabled
        ? backend.Telemetry.Begin(operation).EndAsync(AppendAllAsync(operation, id, frames, generation, since, cancellationToken))
        : AppendAllAsync(operation, id, frames, generation, since, cancellationToken);

    /// <summary>The queue of the session of a call.</summary>
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

    private ValueTask<long> AppendOneAsync(MessageEnvelope frame, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<long>(cancellationToken)
            : TryGet(frame.SessionId, out var queue) ? queue.AppendAsync(backend.NewCall(Operations.AddFrame, frame.SessionId), EncodedFrame.Of(frame), cancellationToken)
            : ConnectAndAppendAsync(frame, cancellationToken);

    private async ValueTask<long> ConnectAndAppendAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        var call = backend.NewCall(Operations.AddFrame, frame.SessionId);
        var queue = await GetAsync(call, cancellationToken).ConfigureAwait(false);
        return await queue.AppendAsync(call, EncodedFrame.Of(frame), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<long> AppendAllAsync(string operation, SessionId id, EncodedFrame[] frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = backend.NewCall(operation, id);
        var queue = await GetAsync(call, cancellationToken).ConfigureAwait(false);
        return await queue.AppendAsync(call, frames, generation, since, cancellationToken).ConfigureAwait(false);
    }

    private AppendQueue Get(RedisPartition partition) =>
        _queues.GetOrAdd(partition, static (key, self) => self.NewQueue(key), this);

    private AppendQueue NewQueue(RedisPartition partition) =>
        new(backend, partition, options, _budget, redis.QueueFullMode == AppendQueueFullMode.Wait, listeners, logger);
}
