namespace Shadowcat.Sessions.Sqlite;

/// <summary>Runs what only reads: on the thread of the caller, beside any writer. Each sees what was committed before it began.</summary>
/// <param name="pool">The connections to read with.</param>
/// <param name="file">The file.</param>
/// <param name="faults">Says what is wrong with the file.</param>
/// <param name="clock">The clock of the store.</param>
internal sealed class FileReads(ConnectionPool pool, StoreFile file, FileFaults faults, StoreClock clock)
{
    /// <summary>Reads something.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">The session it is about, where there is one.</param>
    /// <param name="read">Reads, given the time. It may be called again where the file was locked.</param>
    /// <param name="cancellationToken">Stops waiting for a lock.</param>
    public ValueTask<T> RunAsync<T>(string operation, SessionId? id, Func<StoreConnection, DateTimeOffset, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return new ValueTask<T>(Read(read));
        }
        catch (StatementException fault) when (fault.IsBusy)
        {
            return WaitAsync(operation, id, read, cancellationToken);
        }
        catch (Exception fault) when (FileFaults.IsFault(fault))
        {
            return ValueTask.FromException<T>(faults.Translate(fault, operation, id));
        }
        catch (Exception exception) when (exception is SessionStoreException or ObjectDisposedException)
        {
            return ValueTask.FromException<T>(exception);
        }
    }

    private T Read<T>(Func<StoreConnection, DateTimeOffset, T> read) => pool.Use(connection => read(connection, clock.Now));

    private async ValueTask<T> WaitAsync<T>(string operation, SessionId? id, Func<StoreConnection, DateTimeOffset, T> read, CancellationToken cancellationToken)
    {
        for (var wait = new LockWait(file.LockTimeout); ;)
        {
            await LockWait.PauseAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return Read(read);
            }
            catch (StatementException fault) when (fault.IsBusy && wait.HasTime)
            {
                // It is tried again.
            }
            catch (Exception fault) when (FileFaults.IsFault(fault))
            {
                throw faults.Translate(fault, operation, id);
            }
        }
    }
}
