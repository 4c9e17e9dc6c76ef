namespace Shadowcat.Sessions;

/// <summary>The copies of a store's sessions, for as long as its changes are received: there are none before that, and none that may have missed a change.</summary>
/// <param name="changes">The changes of the store.</param>
/// <param name="options">The options of the cache.</param>
internal sealed class SubscribedCache(ISessionChanges changes, CachedSessionStoreOptions options) : ISessionChangeListener, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time = changes.TimeProvider;
    private SessionCache? _cache;
    private IDisposable? _subscription;
    private bool _begun;
    private bool _disposed;

    /// <summary>Whether it has been disposed of. There are no copies from then on.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed);

    /// <summary>How many copies there are.</summary>
    public int Count => Volatile.Read(ref _cache)?.Count ?? 0;

    /// <summary>The copies and the timestamp of now; null while changes are not received. The first call subscribes.</summary>
    public SessionCache? Find(out long now)
    {
        if (!Volatile.Read(ref _begun))
        {
            Subscribe();
        }

        now = _time.GetTimestamp();
        return now < changes.ReceivedUntil ? Volatile.Read(ref _cache) : null;
    }

    /// <summary>Drops the copies and ends the subscription.</summary>
    public void Dispose()
    {
        IDisposable? subscription;
        lock (_lock)
        {
            Volatile.Write(ref _disposed, true);
            subscription = _subscription;
            Volatile.Write(ref _cache, null);
        }

        subscription?.Dispose();
    }

    public void OnSubscribed() => Renew(new SessionCache(options, changes));

    public void OnInterrupted() => Renew(null);

    public void OnChanged(in SessionChange change) => Volatile.Read(ref _cache)?.Note(change);

    public void OnActivity(in SessionActivity activity) => Volatile.Read(ref _cache)?.Note(activity);

    private void Renew(SessionCache? cache)
    {
        lock (_lock)
        {
            Volatile.Write(ref _cache, _disposed ? null : cache);
        }
    }

    private void Subscribe()
    {
        lock (_lock)
        {
            if (_begun)
            {
                return;
            }

            _begun = true;
        }

        // Not under the lock, which is also taken when the store notifies of a change.
        var subscription = changes.Subscribe(this);
        bool disposed;
        lock (_lock)
        {
            _subscription = subscription;
            disposed = _disposed;
        }

        if (disposed)
        {
            subscription.Dispose();
        }
    }
}
