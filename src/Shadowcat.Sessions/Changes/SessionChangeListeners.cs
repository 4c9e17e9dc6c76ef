using System.Collections.Immutable;

namespace Shadowcat.Sessions;

/// <summary>The listeners of a store. Telling them is free where there are none.</summary>
internal sealed class SessionChangeListeners
{
    private ImmutableArray<ISessionChangeListener> _listeners = [];

    public bool IsEmpty => _listeners.IsEmpty;

    public IDisposable Add(ISessionChangeListener listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    public void Listening()
    {
        foreach (var listener in _listeners)
        {
            listener.OnListening();
        }
    }

    public void Lost()
    {
        foreach (var listener in _listeners)
        {
            listener.OnLost();
        }
    }

    public void Changed(in SessionChange change)
    {
        foreach (var listener in _listeners)
        {
            listener.OnChanged(change);
        }
    }

    public void Active(in SessionActivity activity)
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
