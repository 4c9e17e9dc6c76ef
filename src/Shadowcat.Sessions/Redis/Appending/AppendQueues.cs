using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>The append queues of a store, one for each partition that it appends to. To the sessions they are one writer.</summary>
internal sealed class AppendQueues(RedisBackend backend, SessionStoreOptions options, ILogger logger) : IAsyncDisposable
{
    private const int WriterDigits = 16;

    private readonly string _writer = "w:" + RandomNumberGenerator.GetHexString(WriterDigits, lowercase: true);
    private readonly ConcurrentDictionary<int, AppendQueue> _queues = [];
    private bool _disposed;

    public async ValueTask<long> AppendAsync(string operation, SessionId id, byte[][] frames, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _disposed))
        {
            throw new SessionStoreUnavailableException(operation, id, "the store has been disposed of.", outcomeUnknown: false);
        }

        var layout = await backend.GetLayoutAsync(operation, id, cancellationToken).ConfigureAwait(false);
        var queue = _queues.GetOrAdd(layout.PartitionOf(id).Number, NewQueue);
        return await queue.AppendAsync(operation, id, frames, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        await Task.WhenAll(_queues.Values.Select(queue => queue.DrainAsync())).ConfigureAwait(false);
    }

    private AppendQueue NewQueue(int partition) => new(backend, partition, _writer, options, logger);
}
