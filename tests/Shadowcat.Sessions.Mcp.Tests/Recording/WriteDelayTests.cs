namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>How long messages wait for others, and when they do not.</summary>
public sealed class WriteDelayTests : SessionRecorderTest
{
    [Fact]
    public async Task TryRecord_WithADelay_IsWrittenTogetherWhenThatHasPassed()
    {
        await using var recorder = Recorder(options => options.WriteDelay = TimeSpan.FromSeconds(1));
        var recording = recorder.Begin(NewSession());
        for (var i = 0; i < 10; i++)
        {
            Assert.True(Notify(recording, i));
        }

        Assert.Equal((10, 0), (recorder.QueuedMessages, Store.Calls));
        await WrittenAsync(recorder);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"n{i}"), (await FramesAsync(recording.Id)).Select(frame => frame.Method));
        Assert.Equal(10, recorder.RecordedMessages);
    }

    [Fact]
    public async Task Close_WithADelay_WritesAtOnce()
    {
        await using var recorder = Recorder(options => options.WriteDelay = TimeSpan.FromSeconds(10));
        var recording = recorder.Begin(NewSession());
        Assert.True(Notify(recording, 0));

        recording.Close(SessionStatus.Completed, "over");

        await Poll.UntilAsync(
            async () => (await Store.GetSessionAsync(recording.Id, TestContext.Current.CancellationToken))?.State == SessionState.Closed, "the session is closed, though no time passes");
        Assert.Single(await FramesAsync(recording.Id));
    }

    [Fact]
    public async Task DisposeAsync_WithADelay_WritesAtOnce()
    {
        var recorder = Recorder(options => options.WriteDelay = TimeSpan.FromSeconds(10));
        var recording = recorder.Begin(NewSession());
        Assert.True(Notify(recording, 0));

        await recorder.DisposeAsync();

        Assert.Single(await FramesAsync(recording.Id));
    }

    [Fact]
    public async Task TryRecord_WithADelayAndEnoughForACall_IsWrittenAtOnce()
    {
        await using var recorder = Recorder(options => options.WriteDelay = TimeSpan.FromSeconds(10));
        var recording = recorder.Begin(NewSession());

        for (var i = 0; i < 256; i++)
        {
            Assert.True(Notify(recording, i));
        }

        await Poll.UntilAsync(() => Task.FromResult(recorder.RecordedMessages == 256), "everything is written, though no time passes");
    }

    [Fact]
    public async Task RecordAsync_WithADelayAndAMessageWaitsForCapacity_IsWrittenAtOnce()
    {
        await using var recorder = Recorder(options =>
        {
            options.WriteDelay = TimeSpan.FromSeconds(10);
            options.WhenFull = RecordingOverflow.Wait;
            options.MaxFrameBytes = 64;
            options.MaxQueuedBytes = 100;
        });
        var recording = recorder.Begin(NewSession());

        for (var i = 0; i < 20; i++)
        {
            Assert.True(await RecordAsync(recording, i));
        }

        await recorder.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"n{i}"), (await FramesAsync(recording.Id)).Select(frame => frame.Method));
    }
}
