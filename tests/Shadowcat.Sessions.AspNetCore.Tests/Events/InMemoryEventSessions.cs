using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Events in memory; of one process, and by a clock that the test moves.</summary>
internal sealed class InMemoryEventSessions : EventSessions
{
    private readonly InMemorySessionStore _sessions;

    public InMemoryEventSessions() => _sessions = new InMemorySessionStore(timeProvider: Clock);

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public override ISessionStore Here => _sessions;

    public override ISessionStore OtherProcess => _sessions;

    public override ValueTask DisposeAsync() => default;
}
