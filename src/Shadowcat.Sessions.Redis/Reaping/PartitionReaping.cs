using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reaps one partition, one step after the other. A step that was not answered is repeated by the next reaping, so that its sessions are reported all the same.</summary>
internal sealed class PartitionReaping(RedisPartition partition)
{
    private readonly IndexScrub _scrub = new(partition);
    private readonly Queue<RedisValue[]> _left = new();
    private string _previous = OperationId.New();
    private string _operation = OperationId.New();
    private RedisValue[]? _entries;
    private bool _hasRecord;

    /// <summary>Whether the server keeps a record of the last step.</summary>
    public bool HasRecord => _hasRecord;

    public RedisPartition Partition => partition;

    /// <summary>Held while reaping: there is one step at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Takes one step about overdue entries.</summary>
    /// <param name="database">The connection.</param>
    /// <returns>How many sessions there are, where nothing is overdue, else null; and which were removed.</returns>
    public async Task<(long? Live, IReadOnlyList<SessionId> Reaped)> StepAsync(IDatabase database)
    {
        if (_entries is null)
        {
            var (live, overdue) = await CountAsync(database).ConfigureAwait(false);
            if (live is not null)
            {
                return (live, []);
            }

            _entries = overdue;
        }

        return (null, await LookAsync(database).ConfigureAwait(false));
    }

    /// <summary>Removes the record of the last step, whose reply has arrived. Where that fails, the record expires.</summary>
    public async Task<bool> EndAsync(IDatabase database)
    {
        if (_hasRecord)
        {
            await database.ExecuteAsync("UNLINK", partition.Reaped(_previous)).ConfigureAwait(false);
            _hasRecord = false;
        }

        return true;
    }

    /// <summary>Counts, without waiting for a reaping.</summary>
    public Task<(long? Live, RedisValue[] Overdue)> CountAsync(IDatabase database) => CountSessions.RunAsync(database, partition);

    /// <summary>Takes one step around the indexes.</summary>
    /// <returns>Whether there is more of this round; and which sessions were taken out.</returns>
    public async Task<(bool More, IReadOnlyList<SessionId> Reaped)> ScrubAsync(IDatabase database)
    {
        if (_entries is null)
        {
            if (_left.Count == 0)
            {
                foreach (var chunk in (await _scrub.NextAsync(database).ConfigureAwait(false)).Chunk(CountSessions.EntriesPerStep))
                {
                    _left.Enqueue(chunk);
                }
            }

            if (!_left.TryDequeue(out _entries))
            {
                return (false, []);
            }
        }

        var reaped = await LookAsync(database).ConfigureAwait(false);
        return (_left.Count > 0, reaped);
    }

    private async Task<IReadOnlyList<SessionId>> LookAsync(IDatabase database)
    {
        var (operation, entries) = (_operation, _entries!);
        var reaped = await ReapSessions.RunAsync(database, partition, operation, _previous, entries).ConfigureAwait(false);
        if (string.Equals(operation, _operation, StringComparison.Ordinal))
        {
            // Otherwise an earlier try that timed out was answered meanwhile.
            (_previous, _operation, _entries) = (operation, OperationId.New(), null);
            _hasRecord = reaped.Count > 0;
        }

        return reaped;
    }
}
