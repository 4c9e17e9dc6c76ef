using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>The suites of the event store, on Redis.</summary>
public static class EventStoreOnRedis
{
    public sealed class Writing(RedisFixture redis) : EventWritingTests(new RedisEventSessions(redis));

    public sealed class Replay(RedisFixture redis) : EventReplayTests(new RedisEventSessions(redis));

    public sealed class Modes(RedisFixture redis) : StreamModeTests(new RedisEventSessions(redis));

    public sealed class Isolation(RedisFixture redis) : EventIsolationTests(new RedisEventSessions(redis));
}
