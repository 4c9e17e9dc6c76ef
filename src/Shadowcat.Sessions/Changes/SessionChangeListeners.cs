using System.Collections.Immutable;

namespace Shadowcat.Sessions;

/// <summary>The listeners of a store. Notifying them is free where there are none. May be used by any number of threads at once.</summary>
public sealed class SessionChangeListeners
{
    private ImmutableArray<ISessionChangeListener> _listeners = [];

    /// <summary>Whether there is no listener.</summary>
    public bool IsEmpty => _listeners.IsEmpty;

    /// <summary>Adds a listener.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Removes it when it is disposed of.</returns>
    public IDisposable Add(ISessionChangeListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Notifies every listener that changes are received from now on.</summary>
    public void NotifySubscribed()
    {
        foreach (var listener in _listeners)
        {
            listener.OnSubscribed();
        }
    }

    /// <summary>Notifies every listener that changes may go unnoticed from now on.</summary>
    public void NotifyInterrupted()
    {
        foreach (var listener in _listeners)
        {
            listener.OnInterrupted();
        }
    }

    /// <summary>Notifies every listener of a session that was created, updated or deleted.</summary>
    /// <param name="change">What changed.</param>
    public void Notify(in SessionChange change)
    {
        foreach (var listener in _listeners)
        {
            listener.OnChanged(change);
        }
    }

    /// <summary>Notifies every listener of a session that was appended to or touched, or whose frames were deleted.</summary>
    /// <param name="activity">What happened.</param>
    public void Notify(in SessionActivity activity)
    {
        foreach (var listener in _listeners)
        {
            listener.OnActivity(activity);
        }
    }

    private sealed class Subscription(SessionChangeListeners listeners, ISessionChangeListener listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref listeners._listeners, static (all, removed) => all.Remove(removed), listener);
    }
}
