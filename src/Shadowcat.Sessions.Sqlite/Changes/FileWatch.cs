using System.Collections.Immutable;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Looks ten times a second whether anybody has committed, as long as somebody wants to know: one <c>PRAGMA data_version</c>, which reads a number in shared memory.</summary>
/// <remarks>
/// Where commits came, each watcher is called, and reads what it is there for. It finds out the commits of this process too, by whom the watchers were notified at once.
/// </remarks>
/// <seealso href="https://www.sqlite.org/pragma.html#pragma_data_version"/>
internal sealed class FileWatch(StoreFile file, StoreClock clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly SqlText DataVersion = new("PRAGMA data_version");

    private readonly Lock _lock = new();
    private ImmutableArray<IFileWatcher> _watchers = [];
    private CancellationTokenSource? _stopping;
    private int _hasNewWatcher;

    /// <summary>Begins to call a watcher. Its first look counts as one that found commits.</summary>
    public void Add(IFileWatcher watcher)
    {
        lock (_lock)
        {
            _watchers = _watchers.Add(watcher);
            Volatile.Write(ref _hasNewWatcher, 1);
            if (_stopping is null)
            {
                _stopping = new CancellationTokenSource();
                _ = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
            }
        }
    }

    /// <summary>Calls a watcher no more.</summary>
    public void Remove(IFileWatcher watcher)
    {
        lock (_lock)
        {
            _watchers = _watchers.Remove(watcher);
            if (_watchers.IsEmpty)
            {
                Stop();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _watchers = [];
            Stop();
        }
    }

    private void Stop()
    {
        _stopping?.Cancel();
        _stopping?.Dispose();
        _stopping = null;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var look = default(LookState);
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            do
            {
                look = Look(look);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
        finally
        {
            look.Connection?.Dispose();
        }
    }

    /// <summary>Looks once.</summary>
    /// <returns>What to look with next time.</returns>
    private LookState Look(LookState last)
    {
        var connection = last.Connection;
        try
        {
            connection ??= file.Open();
            var timestamp = clock.Time.GetTimestamp();
            var version = connection.Use(DataVersion).RunNumber();
            var hasChanged = Interlocked.Exchange(ref _hasNewWatcher, 0) == 1 || version != last.Version;
            foreach (var watcher in _watchers)
            {
                watcher.OnLooked(connection, hasChanged, timestamp);
            }

            return new LookState(connection, version);
        }
#pragma warning disable CA1031 // Whatever it was, such as a damaged row of the log, each watcher gets it, and the next look is made anew: nobody waits for looks that do not come.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            connection?.Dispose();
            foreach (var watcher in _watchers)
            {
                watcher.OnFailed(fault);
            }

            return default;
        }
    }

    /// <summary>What the last look was made with, and what it found. A version counts for one connection only.</summary>
    private readonly record struct LookState(StoreConnection? Connection, long? Version);
}
