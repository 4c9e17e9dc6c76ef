namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>What happens to messages while the store is away, or has lost their session.</summary>
public sealed class StoreOutageTests : SessionRecorderTest
{
    [Fact]
    public async Task DisposeAsync_StoreHangs_GivesUpAtTheDrainTimeout()
    {
        var recorder = Recorder(options => options.DrainTimeout = TimeSpan.FromSeconds(3));
        var recording = recorder.Begin(NewSession());
        Store.Hold();
        Notify(recording, 0);

        var disposing = recorder.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(3));
        await disposing;

        Assert.Equal((0, 1), (recorder.RecordedMessages, recorder.DroppedMessages));
        Store.Release();
    }

    [Fact]
    public async Task TryRecord_StoreAwayForAWhile_LosesNothingWithinTheCapacity()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Store.TakeAway();
        Notify(recording, 0);
        await Poll.UntilAsync(() => Task.FromResult(Store.Calls > 0), "the store was tried");
        Notify(recording, 1);

        Store.Break(null);
        await WrittenAsync(recorder);
        await recorder.DisposeAsync();

        Assert.Equal(["n0", "n1"], (await FramesAsync(recording.Id)).Select(frame => frame.Method));
        Assert.Equal(0, recorder.DroppedMessages);
    }

    [Fact]
    public async Task TryRecord_StoreAwayAtTheEnd_CountsWhatIsLost()
    {
        var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Store.TakeAway();
        Notify(recording, 0);
        Notify(recording, 1);

        await recorder.DisposeAsync();

        Assert.Equal((0, 2), (recorder.RecordedMessages, recorder.DroppedMessages));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    public async Task TryRecord_StoreLostFrames_NotesHowManyAndGoesOn(long sequence, int lost)
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Notify(recording, 0);
        Notify(recording, 1);
        await WrittenAsync(recorder);
        var losses = 1;
        Store.Break(operation => operation == "AddFrames" && losses-- > 0 ? new FramesLostException(operation, recording.Id, sequence, "gone.") : null);
        Notify(recording, 2);
        Notify(recording, 3);
        recording.Close(SessionStatus.Completed, "over");
        await recorder.DisposeAsync();

        var frames = await FramesAsync(recording.Id);
        Assert.Equal(["n0", "n1", "n2", "n3"], frames.Select(frame => frame.Method));
        Assert.Equal(new string?[] { null, null, $"{lost}", null }, frames.Select(frame => frame.Metadata.GetValueOrDefault("recording.dropped")));
        Assert.Equal((4, lost), (recorder.RecordedMessages, recorder.DroppedMessages));
        Assert.Contains($"; {lost} messages were not recorded", (await ReadAsync(recording.Id)).CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryRecord_StoreReportsLostFramesAgainAndAgain_DropsTheBatchAndContinues()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Notify(recording, 0);
        await WrittenAsync(recorder);
        Store.Break(operation => operation == "AddFrames" ? new FramesLostException(operation, recording.Id, 0, "gone.") : null);
        Notify(recording, 1);
        await WrittenAsync(recorder);
        Store.Break(null);
        Notify(recording, 2);
        await recorder.DisposeAsync();

        Assert.Equal(["n0", "n2"], (await FramesAsync(recording.Id)).Select(frame => frame.Method));
    }

    [Fact]
    public async Task TryRecord_OutcomeUnknown_IsNotWrittenTwice()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Store.Break(operation => operation == "AddFrames" ? new SessionTimeoutException(operation, null, TimeSpan.FromSeconds(5)) : null);
        Notify(recording, 0);
        await WrittenAsync(recorder);

        Store.Break(null);
        Notify(recording, 1);
        await recorder.DisposeAsync();

        var frame = Assert.Single(await FramesAsync(recording.Id));
        Assert.Equal(("n1", "1"), (frame.Method, frame.Metadata["recording.dropped"]));
        Assert.Equal((1, 1), (recorder.RecordedMessages, recorder.DroppedMessages));
    }

    [Fact]
    public async Task TryRecord_SessionDeleted_StaysDeleted()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Notify(recording, 0);
        await WrittenAsync(recorder);
        await Store.DeleteSessionAsync(recording.Id, TestContext.Current.CancellationToken);

        Notify(recording, 1);
        await WrittenAsync(recorder);
        Notify(recording, 2);
        recording.Close(SessionStatus.Completed, "over");
        await recorder.DisposeAsync();

        Assert.Null(await Store.GetSessionAsync(recording.Id, TestContext.Current.CancellationToken));
        Assert.Equal(2, recorder.DroppedMessages);
    }

    [Fact]
    public async Task TryRecord_IdleForLongerThanTheSessionIsKept_CreatesItAgain()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession() with { TimeToLive = TimeSpan.FromMinutes(1) });
        Client(recording, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"}}}""");
        await WrittenAsync(recorder);
        Clock.Advance(TimeSpan.FromMinutes(2));

        Notify(recording, 1);
        await WrittenAsync(recorder);

        Assert.Equal("n1", Assert.Single(await FramesAsync(recording.Id)).Method);
        Assert.Equal(0, recorder.DroppedMessages);
    }

    [Fact]
    public async Task TryRecord_IdOfAnotherSession_LeavesThatAlone()
    {
        await using var recorder = Recorder();
        var other = await Store.CreateSessionAsync(NewSession(), TestContext.Current.CancellationToken);

        var recording = recorder.Begin(new Session(other.Id, TransportType.Stdio));
        Notify(recording, 0);
        await recorder.DisposeAsync();

        Assert.Equal(0, (await ReadAsync(other.Id)).FrameCount);
        Assert.Equal(1, recorder.DroppedMessages);
    }
}
