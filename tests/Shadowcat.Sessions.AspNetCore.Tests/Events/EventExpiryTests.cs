using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Events end with their log. In memory, where a test moves the clock.</summary>
public sealed class EventExpiryTests : EventStoreTest
{
    private readonly InMemoryEventSessions _sessions;

    public EventExpiryTests()
        : this(new InMemoryEventSessions())
    {
    }

    private EventExpiryTests(InMemoryEventSessions sessions)
        : base(sessions) => _sessions = sessions;

    [Fact]
    public async Task Expired_Log_IsGoneAndItsIdsLeadNowhereInANewOne()
    {
        var store = Store(Sessions, new SessionEventStoreOptions { TimeToLive = TimeSpan.FromMinutes(10) });
        await using var writer = await store.CreateStreamAsync(new SseEventStreamOptions { SessionId = Session, StreamId = "1", Mode = SseEventStreamMode.Polling }, Ct);
        var old = await WriteAsync(writer, 3);
        _sessions.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Null(await store.GetStreamReaderAsync(old[0], Ct));
        var anew = await WriteAsync(writer, 3);

        Assert.All(old, id => Assert.Null(store.GetStreamReaderAsync(id, Ct).AsTask().GetAwaiter().GetResult()));
        Assert.Equal(anew[1..], (await ReadAsync(anew[0])).Select(item => item.EventId));
    }

    [Fact]
    public async Task Events_ThatComeInTime_KeepTheLog()
    {
        var store = Store(Sessions, new SessionEventStoreOptions { TimeToLive = TimeSpan.FromMinutes(10) });
        await using var writer = await store.CreateStreamAsync(new SseEventStreamOptions { SessionId = Session, StreamId = "1", Mode = SseEventStreamMode.Polling }, Ct);
        var first = await writer.WriteEventAsync(Item(0), Ct);
        for (var i = 1; i <= 5; i++)
        {
            _sessions.Clock.Advance(TimeSpan.FromMinutes(8));
            await writer.WriteEventAsync(Item(i), Ct);
        }

        Assert.Equal(5, (await ReadAsync(first.EventId!)).Count);
    }
}
