namespace Shadowcat.Sessions;

/// <summary>What an <see cref="ISessionBuffer"/> does with what it takes in.</summary>
public enum SessionBufferState
{
    /// <summary>The store serves: what comes goes on to it at once.</summary>
    Passing = 0,

    /// <summary>The store, or a part of it, does not serve: what comes for that part waits.</summary>
    Outage = 1,

    /// <summary>The store serves again, and what waited is being stored.</summary>
    Replaying = 2,

    /// <summary>It has been disposed of and takes nothing in any more.</summary>
    Disposed = 3,
}
