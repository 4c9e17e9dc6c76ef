using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>What the SDK asks of an event store: what its own tests ask of the one that it has, and that no id leads where it should not.</summary>
public abstract class EventStoreTests
{
    private protected const string Session = "the session";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The store under test, and on Redis another process's.</summary>
    protected abstract ISessionStore Sessions { get; }

    protected abstract ISessionStore OtherProcess { get; }

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
    public async Task Dispose_WithoutAnEvent_StoresNothing()
    {
        var writer = await WriterAsync();
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);
        await writer.DisposeAsync();

        Assert.Null(await Sessions.GetSessionAsync(EventLog.IdOf(Session), Ct));
    }

    [Fact]
    public async Task Read_WhatWasWritten_IsTheSame()
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling);
        var first = await writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(null, "prime"), Ct);
        SseItem<JsonRpcMessage?>[] written =
        [
            await writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(new JsonRpcRequest { Id = new("7"), Method = "m", Params = JsonNode.Parse("""{"ä":[1,null]}""") }), Ct),
            await writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(null, "prime") { ReconnectionInterval = TimeSpan.FromTicks(12345) }, Ct),
            await writer.WriteEventAsync(default, Ct),
            await writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(new JsonRpcResponse { Id = new(7L), Result = JsonNode.Parse("{}") }, "message"), Ct),
        ];

        var read = await ReadAsync(first.EventId!);

        Assert.Equal(written.Select(Text), read.Select(Text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    public async Task Read_Polling_YieldsWhatComesBehindTheIdAndEnds(int last)
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling);
        var ids = await WriteAsync(writer, 10);

        var read = await ReadNewsAsync(ids[last]);

        Assert.Equal(ids[(last + 1)..], read.Select(item => item.EventId));
        Assert.Equal(Enumerable.Range(last + 1, 9 - last), read.Select(Number));
    }

    [Fact]
    public async Task Read_AThousandEvents_YieldsAllInOrder()
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling);
        var ids = await WriteAsync(writer, 1001);

        var read = await ReadAsync(ids[0]);

        Assert.Equal(ids[1..], read.Select(item => item.EventId));
    }

    [Fact]
    public async Task Read_Twice_YieldsTheSame()
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling);
        var ids = await WriteAsync(writer, 4);
        var reader = await ReaderAsync(ids[0]);

        Assert.Equal(ids[1..], await reader.ReadEventsAsync(Ct).Select(item => item.EventId).ToListAsync(Ct));
        Assert.Equal(ids[1..], await reader.ReadEventsAsync(Ct).Select(item => item.EventId).ToListAsync(Ct));
    }

    [Fact]
    public async Task Read_Streaming_WaitsForWhatComesAndEndsWithTheStream()
    {
        var writer = await WriterAsync();
        var first = await writer.WriteEventAsync(Item(0), Ct);
        var reading = (await ReaderAsync(first.EventId!)).ReadEventsAsync(Ct).GetAsyncEnumerator(Ct);

        for (var i = 1; i <= 3; i++)
        {
            var waiting = reading.MoveNextAsync();
            Assert.False(waiting.IsCompleted);
            await writer.WriteEventAsync(Item(i), Ct);
            Assert.True(await waiting);
            Assert.Equal(i, Number(reading.Current));
        }

        var ending = reading.MoveNextAsync();
        await writer.DisposeAsync();
        Assert.False(await ending);
        await reading.DisposeAsync();
    }

    [Fact]
    public async Task Read_StreamThatIsOver_YieldsTheRestAndEnds()
    {
        var writer = await WriterAsync();
        var ids = await WriteAsync(writer, 3);
        await writer.DisposeAsync();

        Assert.Equal(ids[1..], (await ReadAsync(ids[0])).Select(item => item.EventId));
    }

    [Fact]
    public async Task Read_Streaming_CanBeCancelled()
    {
        await using var writer = await WriterAsync();
        var first = await writer.WriteEventAsync(Item(0), Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var reading = (await ReaderAsync(first.EventId!)).ReadEventsAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var waiting = reading.MoveNextAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await reading.DisposeAsync();
    }

    [Fact]
    public async Task SetMode_WhileSomebodyReads_EndsTheReadingBehindWhatIsThere()
    {
        await using var writer = await WriterAsync();
        var first = await writer.WriteEventAsync(Item(0), Ct);
        var reading = ReadAsync(first.EventId!);

        await writer.WriteEventAsync(Item(1), Ct);
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);

        Assert.Equal(1, Number(Assert.Single(await reading)));
    }

    [Fact]
    public async Task SetMode_BeforeTheLastEvent_HoldsForWhoResumesBehindIt()
    {
        await using var writer = await WriterAsync();
        await writer.WriteEventAsync(Item(0), Ct);
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);
        var last = await writer.WriteEventAsync(Item(1), Ct);

        Assert.Empty(await ReadNewsAsync(last.EventId!));
    }

    [Fact]
    public async Task Read_PollingWithNothingNew_SaysAgainWhereTheClientIsAndWhenToComeBack()
    {
        // A client of npm asks for what comes behind the last event of the response before; behind none it begins to listen to another stream.
        await using var writer = await WriterAsync(SseEventStreamMode.Polling);
        var prime = await writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(null, "prime") { ReconnectionInterval = TimeSpan.FromSeconds(7) }, Ct);

        Assert.Equal(Text(prime), Text(Assert.Single(await ReadAsync(prime.EventId!))));
    }

    [Fact]
    public async Task Read_StreamThatIsOverWithNothingNew_YieldsNothing()
    {
        var writer = await WriterAsync();
        var last = await writer.WriteEventAsync(Item(0), Ct);
        await writer.DisposeAsync();

        Assert.Empty(await ReadAsync(last.EventId!));
    }

    [Fact]
    public async Task SetMode_BackToStreaming_WaitsAgain()
    {
        var writer = await WriterAsync(SseEventStreamMode.Polling);
        var first = await writer.WriteEventAsync(Item(0), Ct);
        await writer.SetModeAsync(SseEventStreamMode.Streaming, Ct);
        var reading = ReadAsync(first.EventId!);

        await writer.WriteEventAsync(Item(1), Ct);
        Assert.False(reading.IsCompleted);
        await writer.DisposeAsync();

        Assert.Equal(1, Number(Assert.Single(await reading)));
    }

    [Fact]
    public async Task Streams_OfOneSessionAndOfOthers_DoNotLeak()
    {
        await using var one = await WriterAsync(SseEventStreamMode.Polling, stream: "1");
        await using var two = await WriterAsync(SseEventStreamMode.Polling, stream: "2");
        await using var other = await WriterAsync(SseEventStreamMode.Polling, "another session", "1");
        var first = await one.WriteEventAsync(Item(0), Ct);
        await two.WriteEventAsync(Item(100), Ct);
        await other.WriteEventAsync(Item(200), Ct);
        await one.WriteEventAsync(Item(1), Ct);
        await two.WriteEventAsync(Item(101), Ct);

        Assert.Equal([1], (await ReadAsync(first.EventId!)).Select(Number));
    }

    [Fact]
    public async Task Streams_OfTheSameName_DoNotLeak()
    {
        // A client may use a request id again; and the stream that waits for messages has one name at every replica.
        await using var one = await WriterAsync(SseEventStreamMode.Polling);
        await using var again = await WriterAsync(SseEventStreamMode.Polling);
        var first = await one.WriteEventAsync(Item(0), Ct);
        await again.WriteEventAsync(Item(100), Ct);
        await one.WriteEventAsync(Item(1), Ct);

        Assert.Equal([1], (await ReadAsync(first.EventId!)).Select(Number));
    }

    [Fact]
    public async Task GetReader_InAnotherProcess_FindsTheStream()
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling, "sessiön: {1}", "streäm: 2");
        var ids = await WriteAsync(writer, 3);

        var reader = await Store(OtherProcess).GetStreamReaderAsync(ids[0], Ct);

        Assert.Equal(("sessiön: {1}", "streäm: 2"), (reader!.SessionId, reader.StreamId));
        Assert.Equal(ids[1..], await reader.ReadEventsAsync(Ct).Select(item => item.EventId).ToListAsync(Ct));
    }

    [Fact]
    public async Task GetReader_StreamNameThatNoStoreTakes_IsFoundAllTheSame()
    {
        await using var writer = await WriterAsync(SseEventStreamMode.Polling, stream: new string('x', 100_000) + '\ud800');
        var ids = await WriteAsync(writer, 2);

        Assert.Equal([1], (await ReadAsync(ids[0])).Select(Number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("not an id")]
    [InlineData("1!!!!")]
    [InlineData("1AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("2AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("dGhlIHNlc3Npb24=:c3RyZWFt:1")]
    public async Task GetReader_IdThatIsNone_IsNull(string id) => Assert.Null(await Store(Sessions).GetStreamReaderAsync(id, Ct));

    [Fact]
    public async Task GetReader_IdThatWasNotHandedOut_IsNull()
    {
        await using var alices = await WriterAsync(SseEventStreamMode.Polling, "alice");
        await using var bobs = await WriterAsync(SseEventStreamMode.Polling, "bob");
        await WriteAsync(alices, 3);
        Assert.True(EventId.TryParse((await WriteAsync(bobs, 3))[1], out var id));
        var store = Store(Sessions);

        foreach (var forged in new[]
        {
            id with { SessionId = "alice" },
            id with { SessionId = "nobody" },
            id with { Sequence = 3 },
            id with { Sequence = long.MaxValue },
            id with { Stream = id.Stream + 1 },
        })
        {
            Assert.Null(await store.GetStreamReaderAsync(forged.ToString(), Ct));
        }

        Assert.NotNull(await store.GetStreamReaderAsync(id.ToString(), Ct));
    }

    [Fact]
    public async Task GetReader_PlaceThatIsNoEvent_IsNull()
    {
        await using var writer = await WriterAsync();
        Assert.True(EventId.TryParse((await writer.WriteEventAsync(Item(0), Ct)).EventId!, out var id));
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);

        Assert.Null(await Store(Sessions).GetStreamReaderAsync((id with { Sequence = 1 }).ToString(), Ct));
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
    public async Task Arguments_ThatAreMissing_AreRefused()
    {
        var store = Store(Sessions);
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.CreateStreamAsync(null!, Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateStreamAsync(Stream("", "1"), Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateStreamAsync(Stream("1", null!), Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.GetStreamReaderAsync(null!, Ct));
    }

    private protected static SessionEventStore Store(ISessionStore sessions, SessionEventStoreOptions? options = null) =>
        new(Log(sessions, options), NullLogger<SessionEventStore>.Instance);

    private protected static EventLog Log(ISessionStore sessions, SessionEventStoreOptions? options = null) => new(sessions, Options.Create(options ?? new()));

    private protected static SseItem<JsonRpcMessage?> Item(int number) => new(Note(number), "message");

    private protected async Task<ISseEventStreamWriter> WriterAsync(SseEventStreamMode mode = SseEventStreamMode.Streaming, string session = Session, string stream = "1") =>
        await Store(Sessions).CreateStreamAsync(Stream(session, stream, mode), Ct);

    private protected async Task<ISseEventStreamReader> ReaderAsync(string id) => (await Store(Sessions).GetStreamReaderAsync(id, Ct))!;

    private protected async Task<List<SseItem<JsonRpcMessage?>>> ReadAsync(string id) => await (await ReaderAsync(id)).ReadEventsAsync(Ct).ToListAsync(Ct);

    /// <summary>The events with a message.</summary>
    private protected async Task<List<SseItem<JsonRpcMessage?>>> ReadNewsAsync(string id) => (await ReadAsync(id)).FindAll(item => item.Data is not null);

    private protected static async Task<string[]> WriteAsync(ISseEventStreamWriter writer, int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = (await writer.WriteEventAsync(Item(i), Ct)).EventId!;
        }

        return ids;
    }

    private static int Number(SseItem<JsonRpcMessage?> item) => ((JsonRpcNotification)item.Data!).Params!["number"]!.GetValue<int>();

    private static JsonRpcNotification Note(int number) => new() { Method = "note", Params = new JsonObject { ["number"] = number } };

    private static SseEventStreamOptions Stream(string session, string stream, SseEventStreamMode mode = SseEventStreamMode.Streaming) =>
        new() { SessionId = session, StreamId = stream, Mode = mode };

    private static string Text(SseItem<JsonRpcMessage?> item) =>
        $"{item.EventId} {item.EventType} {item.ReconnectionInterval} {System.Text.Json.JsonSerializer.Serialize(item.Data, McpJsonUtilities.DefaultOptions)}";
}
