using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Whether reading waits for what comes, or ends with what is there.</summary>
public abstract class StreamModeTests(EventSessions sessions) : EventStoreTest(sessions)
{
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
}
