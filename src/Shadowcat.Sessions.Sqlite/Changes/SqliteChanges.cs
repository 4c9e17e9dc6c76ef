using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Notifies listeners of sessions that change: of what this process does at once, and of what others do when the watch has found it in the log of changes.</summary>
internal sealed class SqliteChanges(FileWatch watch, StoreClock clock, ILogger logger) : ISessionChanges, IFileWatcher
{
    /// <summary>For so long after a look nobody doubts that there will be a next one.</summary>
    private static readonly TimeSpan LookIsGood = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SessionChangeListeners _listeners = new();
    private long _receivedUntil;
    private long _last;
    private int _subscribers;
    private bool _isSubscribed;
    private bool _isFailing;

    public TimeProvider TimeProvider => clock.Time;

    public long ReceivedUntil => Volatile.Read(ref _receivedUntil);

    /// <summary>Who is notified of what this process does itself.</summary>
    public SessionChangeListeners Listeners => _listeners;

    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        lock (_lock)
        {
            var subscription = new Subscription(this, _listeners.Add(listener));
            if (_isSubscribed)
            {
                listener.OnSubscribed();
            }

            if (++_subscribers == 1)
            {
                watch.Add(this);
            }

            return subscription;
        }
    }

    public long EarliestTimestampOf(DateTimeOffset moment)
    {
        var now = clock.Time.GetTimestamp();
        return now + Ticks(moment - clock.Time.GetUtcNow());
    }

    public void OnLooked(StoreConnection connection, bool hasChanged, long timestamp)
    {
        lock (_lock)
        {
            if (!_isSubscribed)
            {
                Begin(connection);
            }
            else if (hasChanged)
            {
                ReadLog(connection);
            }

            Volatile.Write(ref _receivedUntil, timestamp + Ticks(LookIsGood));
        }
    }

    public void OnFailed(Exception exception)
    {
        lock (_lock)
        {
            Interrupt();
            if (!_isFailing)
            {
                _isFailing = true;
                SqliteLog.ChangesNotReceived(logger, exception);
            }
        }
    }

    private void Begin(StoreConnection connection)
    {
        _last = ChangeLog.Last(connection);
        _isSubscribed = true;
        _listeners.NotifySubscribed();
        if (_isFailing)
        {
            _isFailing = false;
            SqliteLog.ChangesReceivedAgain(logger);
        }
    }

    private void ReadLog(StoreConnection connection)
    {
        var changes = new List<SessionChange>();
        if (!ChangeLog.TryReadSince(connection, ref _last, changes))
        {
            Interrupt();
            Begin(connection);
        }

        foreach (var change in changes)
        {
            _listeners.Notify(change);
        }
    }

    private void Interrupt()
    {
        _isSubscribed = false;
        Volatile.Write(ref _receivedUntil, 0);
        _listeners.NotifyInterrupted();
    }

    private void Unsubscribe()
    {
        lock (_lock)
        {
            if (--_subscribers == 0)
            {
                watch.Remove(this);
                _isSubscribed = false;
                Volatile.Write(ref _receivedUntil, 0);
            }
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.Time.TimestampFrequency);

    private sealed class Subscription(SqliteChanges changes, IDisposable listener) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                listener.Dispose();
                changes.Unsubscribe();
            }
        }
    }
}
