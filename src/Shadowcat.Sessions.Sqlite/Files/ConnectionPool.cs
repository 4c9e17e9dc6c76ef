using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Connections to read with. Reading takes one for as long as its statements run, never between the pages of an enumeration.</summary>
internal sealed class ConnectionPool(StoreFile file) : IDisposable
{
    /// <summary>More than are used at once stay open for the next time, up to so many.</summary>
    private const int MaxIdle = 8;

    private readonly ConcurrentBag<StoreConnection> _idle = [];
    private volatile bool _isDisposed;

    /// <summary>Reads by a connection that nobody else uses meanwhile.</summary>
    public T Use<T>(Func<StoreConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var connection = _idle.TryTake(out var idle) ? idle : file.Open();
        var isWhole = true;
        try
        {
            return read(connection);
        }
        catch (Exception exception) when (exception is not SessionStoreException)
        {
            isWhole = false;
            throw;
        }
        finally
        {
            if (isWhole && !_isDisposed && _idle.Count < MaxIdle)
            {
                _idle.Add(connection);
            }
            else
            {
                connection.Dispose();
            }

            if (_isDisposed)
            {
                CloseIdle();
            }
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        CloseIdle();
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }
}
