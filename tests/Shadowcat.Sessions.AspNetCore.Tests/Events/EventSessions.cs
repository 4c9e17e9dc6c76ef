namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Where the events of a test are: a session store, and what another process sees of it.</summary>
public abstract class EventSessions : IAsyncDisposable
{
    public abstract ISessionStore Here { get; }

    public abstract ISessionStore OtherProcess { get; }

    public abstract ValueTask DisposeAsync();
}
