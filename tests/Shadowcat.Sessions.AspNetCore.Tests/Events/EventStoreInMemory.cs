namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>The suites of the event store, in memory.</summary>
public static class EventStoreInMemory
{
    public sealed class Writing() : EventWritingTests(new InMemoryEventSessions());

    public sealed class Replay() : EventReplayTests(new InMemoryEventSessions());

    public sealed class Modes() : StreamModeTests(new InMemoryEventSessions());

    public sealed class Isolation() : EventIsolationTests(new InMemoryEventSessions());
}
