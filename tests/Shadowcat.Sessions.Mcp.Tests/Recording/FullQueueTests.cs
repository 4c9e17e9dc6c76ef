namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>What happens to messages where the queue is full.</summary>
public sealed class FullQueueTests : SessionRecorderTest
{
    [Fact]
    public async Task TryRecord_QueueFull_DropsCountsAndMarksTheGap()
    {
        await using var recorder = Recorder(options => options.MaxQueuedMessages = 3);
        var recording = recorder.Begin(NewSession());
        Store.Hold();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(Notify(recording, i));
        }

        Assert.False(Notify(recording, 3));
        Assert.False(Notify(recording, 4));
        Assert.Equal((2, 3), (recorder.DroppedMessages, recorder.QueuedMessages));
        Store.Release();
        await WrittenAsync(recorder);
        Assert.True(Notify(recording, 5));
        Assert.True(Notify(recording, 6));
        await recorder.DisposeAsync();

        var frames = await FramesAsync(recording.Id);
        Assert.Equal(["n0", "n1", "n2", "n5", "n6"], frames.Select(frame => frame.Method));
        Assert.Equal("2", frames[3].Metadata["recording.dropped"]);
        Assert.DoesNotContain("recording.dropped", frames[4].Metadata.Keys);
        Assert.Equal((5, 2), (recorder.RecordedMessages, recorder.DroppedMessages));
        Assert.Equal("the process stopped; 2 messages were not recorded", (await ReadAsync(recording.Id)).CloseReason);
    }

    [Fact]
    public async Task TryRecord_QueueFullInBytes_Drops()
    {
        await using var recorder = Recorder(options => (options.MaxFrameBytes, options.MaxQueuedBytes) = (100, 100));
        var recording = recorder.Begin(NewSession());
        Store.Hold();

        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, new byte[60]));
        Assert.False(recording.TryRecord(MessageDirection.ClientToServer, new byte[60]));
        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, new byte[40]));
        Store.Release();
        await recorder.DisposeAsync();

        Assert.Equal(2, (await FramesAsync(recording.Id)).Count);
    }

    [Fact]
    public async Task RecordAsync_WhenFullWait_WaitsForCapacityAndDropsNothing()
    {
        await using var recorder = Recorder(options => (options.MaxQueuedMessages, options.WhenFull) = (2, RecordingOverflow.Wait));
        var recording = recorder.Begin(NewSession());
        Store.Hold();
        Assert.True(await RecordAsync(recording, 0));
        Assert.True(await RecordAsync(recording, 1));

        var waiting = RecordAsync(recording, 2).AsTask();
        Assert.False(waiting.IsCompleted);
        Store.Release();
        Assert.True(await waiting);
        await recorder.DisposeAsync();

        Assert.Equal(["n0", "n1", "n2"], (await FramesAsync(recording.Id)).Select(frame => frame.Method));
        Assert.Equal(0, recorder.DroppedMessages);
    }

    [Fact]
    public async Task RecordAsync_GivenUpWhileWaiting_IsDroppedAndCounted()
    {
        await using var recorder = Recorder(options => (options.MaxQueuedMessages, options.WhenFull) = (1, RecordingOverflow.Wait));
        var recording = recorder.Begin(NewSession());
        using var caller = new CancellationTokenSource();
        Store.Hold();
        await RecordAsync(recording, 0);

        var waiting = RecordAsync(recording, 1, caller).AsTask();
        await caller.CancelAsync();

        Assert.False(await waiting);
        Assert.Equal(1, recorder.DroppedMessages);
        Store.Release();
    }

    [Fact]
    public async Task DisposeAsync_WhileMessagesWait_ReleasesThem()
    {
        var recorder = Recorder(options => (options.MaxQueuedMessages, options.WhenFull) = (1, RecordingOverflow.Wait));
        var recording = recorder.Begin(NewSession());
        Store.Hold();
        await RecordAsync(recording, 0);
        var waiting = RecordAsync(recording, 1).AsTask();

        var disposing = recorder.DisposeAsync().AsTask();

        Assert.False(await waiting);
        Store.Release();
        await disposing;
        Assert.Single(await FramesAsync(recording.Id));
    }
}
