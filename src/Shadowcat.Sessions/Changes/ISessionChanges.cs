namespace Shadowcat.Sessions;

/// <summary>Notifies of sessions that change, in any process. A store offers it to a cache, which keeps copies.</summary>
/// <remarks>
/// It is found by <see cref="ISessionStore.GetService"/>, also through decorators. <see cref="CachedSessionStore"/> needs it. A store that all changes go through itself keeps
/// its listeners in a <see cref="SessionChangeListeners"/>; a store that shares its sessions with other processes has to receive their changes, too.
/// </remarks>
public interface ISessionChanges
{
    /// <summary>The clock that <see cref="ReceivedUntil"/> and <see cref="EarliestTimestampOf"/> count by.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>The timestamp up to which listeners have received every change, apart from those that are under way; <see cref="long.MaxValue"/> where changes cannot be missed. Moves on by itself while the store is subscribed.</summary>
    long ReceivedUntil { get; }

    /// <summary>Adds a listener. Returns at once, before the store is subscribed; <see cref="ISessionChangeListener.OnSubscribed"/> says when it is.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Removes the listener when it is disposed of.</returns>
    IDisposable Subscribe(ISessionChangeListener listener);

    /// <summary>The earliest timestamp at which the store's clock can have reached a moment: before it, what expires at that moment is alive.</summary>
    /// <param name="moment">A moment by the store's clock.</param>
    /// <returns>The timestamp; 0 where it is not known, as before the store is subscribed.</returns>
    long EarliestTimestampOf(DateTimeOffset moment);
}
