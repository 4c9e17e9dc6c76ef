using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>The connection that writes, one transaction at a time.</summary>
internal sealed class StoreWriter(StoreFile file, StoreClock clock) : IDisposable
{
    private StoreConnection? _connection;

    /// <summary>Whether the last transaction failed in its commit, so that the file may have it all the same.</summary>
    public bool IsOutcomeUnknown { get; private set; }

    /// <summary>Runs writes in one transaction. Where it throws, nothing of them was written, unless <see cref="IsOutcomeUnknown"/>; those that were cancelled are taken from the batch.</summary>
    public void Commit(List<PendingWrite> batch)
    {
        IsOutcomeUnknown = false;
        var connection = _connection ??= file.Open();
        var isCommitting = false;
        try
        {
            connection.Begin();
            batch.RemoveAll(static write => !write.TryBegin());

            // By the time at which everybody else was done: what they have seen expire is expired.
            var now = clock.Now;
            batch.ForEach(write => write.Run(connection, now));
            isCommitting = true;
            connection.Commit();
        }
        catch (Exception exception)
        {
            // A full disk is found out before the record that makes the transaction count is written.
            IsOutcomeUnknown = isCommitting && exception is not StatementException { Code: raw.SQLITE_FULL or raw.SQLITE_BUSY };
            Recover(exception);
            throw;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>Takes back what was not committed. A connection that failed in another way than by a lock or a full disk is given up.</summary>
    private void Recover(Exception exception)
    {
        try
        {
            _connection!.Rollback();
        }
        catch (StatementException)
        {
            // The transaction ends with the connection; what failed first is what callers get.
            Dispose();
        }

        if (exception is not StatementException { Code: raw.SQLITE_FULL or raw.SQLITE_BUSY })
        {
            Dispose();
        }
    }
}
