using System.Net.ServerSentEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Events are stored, and get an id that nobody else has.</summary>
public abstract class EventWritingTests(EventSessions sessions) : EventStoreTest(sessions)
{
    [Fact]
    public async Task Write_EventWithoutId_GetsOneAndKeepsTheRest()
    {
        await using var writer = await WriterAsync();
        var item = new SseItem<JsonRpcMessage?>(Note(1), "custom") { ReconnectionInterval = TimeSpan.FromMilliseconds(1500) };

        var written = await writer.WriteEventAsync(item, Ct);

        Assert.NotEmpty(written.EventId!);
        Assert.Same(item.Data, written.Data);
        Assert.Equal(("custom", item.ReconnectionInterval), (written.EventType, written.ReconnectionInterval));
    }

    [Fact]
    public async Task Write_EventWithId_IsLeftAloneAndNotStored()
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling);
        var first = await writer.WriteEventAsync(Item(1), Ct);

        var given = await writer.WriteEventAsync(Item(2) with { EventId = "given" }, Ct);

        Assert.Equal("given", given.EventId);
        Assert.Empty(await ReadNewsAsync(first.EventId!));
    }

    [Fact]
    public async Task Write_ManyStreams_NeverTheSameId()
    {
        var ids = new List<string>();
        foreach (var (session, stream) in new[] { ("a", "1"), ("a", "2"), ("b", "1"), ("a1", ""), ("a", "1") })
        {
            await using var writer = await WriterAsync(session: session, stream: stream);
            for (var i = 0; i < 3; i++)
            {
                ids.Add((await writer.WriteEventAsync(Item(i), Ct)).EventId!);
            }
        }

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Write_WhereTheStreamIsOver_IsRefused()
    {
        var writer = await WriterAsync();
        await writer.WriteEventAsync(Item(1), Ct);
        await writer.DisposeAsync();
        await writer.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.WriteEventAsync(Item(2), Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.SetModeAsync(SseEventStreamMode.Polling, Ct));
    }

    [Fact]
    public async Task Write_MoreThanAreKept_LetsTheOldestGo()
    {
        var store = Store(Sessions, new SessionEventStoreOptions { MaxEvents = 16 });
        await using var writer = await store.CreateStreamAsync(Stream(Session, "1", SseEventStreamMode.Polling), Ct);
        var ids = await WriteAsync(writer, 40);
        var reader = await store.GetStreamReaderAsync(ids[38], Ct);
        await WriteAsync(writer, 40);

        Assert.Null(await store.GetStreamReaderAsync(ids[0], Ct));
        await Assert.ThrowsAsync<McpException>(async () => await reader!.ReadEventsAsync(Ct).ToListAsync(Ct));
        Assert.InRange(await Sessions.CountFramesAsync(EventLog.IdOf(Session), Ct), 16, 18);
    }

    [Fact]
    public async Task Write_MoreBytesThanAreKept_LetsTheOldestGo()
    {
        var store = Store(Sessions, new SessionEventStoreOptions { MaxBytes = 1000 });
        await using var writer = await store.CreateStreamAsync(Stream(Session, "1", SseEventStreamMode.Polling), Ct);
        await using var other = await store.CreateStreamAsync(Stream(Session, "2", SseEventStreamMode.Polling), Ct);

        var most = 0;
        for (var i = 0; i < 100; i++)
        {
            await WriteAsync(i % 2 == 0 ? writer : other, 1);
            var frames = await Sessions.GetFramesAsync(EventLog.IdOf(Session), cancellationToken: Ct).ToListAsync(Ct);
            most = Math.Max(most, frames.Sum(frame => frame.Payload.Length));
        }

        Assert.InRange(most, 500, 1000);
    }

    [Fact]
    public async Task Write_EventLargerThanIsKept_IsKeptAlone()
    {
        var store = Store(Sessions, new SessionEventStoreOptions { MaxBytes = 1 });
        await using var writer = await store.CreateStreamAsync(Stream(Session, "1", SseEventStreamMode.Polling), Ct);

        var ids = await WriteAsync(writer, 10);

        Assert.NotNull(await store.GetStreamReaderAsync(ids[9], Ct));
        Assert.Equal(1, await Sessions.CountFramesAsync(EventLog.IdOf(Session), Ct));
    }

    [Fact]
    public async Task Write_InMoreSessionsThanAClientMayHave_IsRefused()
    {
        var log = new EventLog(Sessions, Options.Create(new SessionEventStoreOptions()), limits: Options.Create(new ClientLimits { MaxAnonymousSessions = 2 }));
        var store = new SessionEventStore(log, NullLogger<SessionEventStore>.Instance);
        for (var i = 0; i < 2; i++)
        {
            await using var writer = await store.CreateStreamAsync(Stream($"{Session} {i}", "1"), Ct);
            await WriteAsync(writer, 3);
        }

        await using var refused = await store.CreateStreamAsync(Stream($"{Session} 2", "1"), Ct);
        var exception = await Assert.ThrowsAsync<SessionLimitExceededException>(() => WriteAsync(refused, 1));

        Assert.Equal("MaxAnonymousSessions", exception.Limit);
    }

    [Fact]
    public async Task Dispose_WithoutAnEvent_StoresNothing()
    {
        var writer = await WriterAsync();
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);
        await writer.DisposeAsync();

        Assert.Null(await Sessions.GetSessionAsync(EventLog.IdOf(Session), Ct));
    }

    [Fact]
    public async Task Deleted_LogOfASession_IsGoneAndStaysGone()
    {
        await using var writer = await WriterAsync();
        var first = await writer.WriteEventAsync(Item(0), Ct);
        var reader = await ReaderAsync(first.EventId!);
        await using var late = await WriterAsync(stream: "late");

        await Log(Sessions).DeleteAsync(Session, Ct);

        await Assert.ThrowsAsync<McpException>(async () => await reader.ReadEventsAsync(Ct).ToListAsync(Ct));
        Assert.Null(await Store(Sessions).GetStreamReaderAsync(first.EventId!, Ct));
        await Assert.ThrowsAsync<SessionNotFoundException>(async () => await writer.WriteEventAsync(Item(1), Ct));
        await Assert.ThrowsAsync<SessionNotFoundException>(async () => await late.WriteEventAsync(Item(1), Ct));
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);
        Assert.Null(await Sessions.GetSessionAsync(EventLog.IdOf(Session), Ct));
    }

    [Fact]
    public async Task Arguments_ThatAreMissing_AreRefused()
    {
        var store = Store(Sessions);
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.CreateStreamAsync(null!, Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateStreamAsync(Stream("", "1"), Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateStreamAsync(Stream("1", null!), Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.GetStreamReaderAsync(null!, Ct));
    }
}
