using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Whoever comes back gets what came behind the event that he had last.</summary>
public abstract class EventReplayTests(EventSessions sessions) : EventStoreTest(sessions)
{
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
    public async Task Read_WithAnotherTokenThanItWasFoundWith_IsEndedByThatOneOnly()
    {
        await using var writer = await WriterAsync();
        var ids = await WriteAsync(writer, 2);
        using var finding = new CancellationTokenSource();
        using var reading = new CancellationTokenSource();
        var reader = (await Store(Sessions).GetStreamReaderAsync(ids[0], finding.Token))!;
        await finding.CancelAsync();

        await using var events = reader.ReadEventsAsync(reading.Token).GetAsyncEnumerator(Ct);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(ids[1], events.Current.EventId);
        var waiting = events.MoveNextAsync().AsTask();
        await reading.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Ct));
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
    public async Task Read_StreamThatIsOverWithNothingNew_YieldsNothing()
    {
        var writer = await WriterAsync();
        var last = await writer.WriteEventAsync(Item(0), Ct);
        await writer.DisposeAsync();

        Assert.Empty(await ReadAsync(last.EventId!));
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
}
