using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>The way of messages into the store, and what happens where it is blocked.</summary>
public sealed class SessionRecorderTests
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly BreakableStore _store;

    public SessionRecorderTests() => _store = new BreakableStore(new InMemorySessionStore(new SessionStoreOptions(), _clock));

    [Fact]
    public async Task TryRecord_Conversation_IsStoredInOrderWithWhatItSays()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());

        Client(recording, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"}}}""");
        Server(recording, """{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"s","version":"2"}}}""");
        Client(recording, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        recording.Close(SessionStatus.Completed, "the test is over");
        await recorder.DisposeAsync();

        var session = await ReadAsync(recording.Id);
        Assert.Equal((SessionState.Closed, SessionStatus.Completed, "the test is over"), (session.State, session.Status, session.CloseReason));
        Assert.Equal((SessionBoundary.Handshake, "c", "s"), (session.Boundary, session.ClientInfo?.Name, session.ServerInfo?.Name));
        Assert.Equal("2025-11-25", session.VersionState?.Negotiated);
        var frames = await FramesAsync(recording.Id);
        Assert.Equal(["initialize", null, "notifications/initialized"], frames.Select(frame => frame.Method));
        Assert.All(frames, frame => Assert.Equal(_clock.GetUtcNow(), frame.Timestamp));
        Assert.Equal((3, 0), (recorder.RecordedMessages, recorder.DroppedMessages));
    }

    [Fact]
    public async Task TryRecord_NothingSaid_CreatesNoSession()
    {
        await using var recorder = Recorder();
        recorder.Begin(NewSession());

        await recorder.DisposeAsync();

        Assert.Equal(0, await _store.CountSessionsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TryRecord_BytesOfNoMessage_AreKeptAsTheyAre()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        byte[] bytes = [0, 0xFF, (byte)'{'];

        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, bytes, FrameMetadata.Create([new("k", "v")]), MessageFlags.Undelivered));
        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, default));
        await recorder.DisposeAsync();

        var frames = await FramesAsync(recording.Id);
        Assert.Equal(bytes, frames[0].Payload.ToArray());
        Assert.Equal(("v", MessageFlags.Undelivered), (frames[0].Metadata["k"], frames[0].Flags));
        Assert.Equal(0, frames[1].Payload.Length);
    }

    [Fact]
    public async Task TryRecord_LargerThanAFrame_IsKeptCutOff()
    {
        await using var recorder = Recorder(options => options.MaxFrameBytes = 64);
        var recording = recorder.Begin(NewSession());
        var message = $$"""{"jsonrpc":"2.0","id":1,"method":"huge","params":"{{new string('x', 1000)}}"}""";

        Client(recording, message);
        await recorder.DisposeAsync();

        var frame = Assert.Single(await FramesAsync(recording.Id));
        Assert.Equal(MessageFlags.Truncated, frame.Flags);
        Assert.Equal(message[..64], Encoding.UTF8.GetString(frame.Payload.Span));
        Assert.Equal(("huge", $"{message.Length}"), (frame.Method, frame.Metadata["recording.length"]));
    }

    [Fact]
    public async Task TryRecord_QueueFull_DropsCountsAndMarksTheGap()
    {
        await using var recorder = Recorder(options => options.MaxQueuedMessages = 3);
        var recording = recorder.Begin(NewSession());
        _store.Hold();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(Notify(recording, i));
        }

        Assert.False(Notify(recording, 3));
        Assert.False(Notify(recording, 4));
        Assert.Equal((2, 3), (recorder.DroppedMessages, recorder.QueuedMessages));
        _store.Release();
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
        _store.Hold();

        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, new byte[60]));
        Assert.False(recording.TryRecord(MessageDirection.ClientToServer, new byte[60]));
        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, new byte[40]));
        _store.Release();
        await recorder.DisposeAsync();

        Assert.Equal(2, (await FramesAsync(recording.Id)).Count);
    }

    [Fact]
    public async Task RecordAsync_WhenFullWait_WaitsForRoomAndDropsNothing()
    {
        await using var recorder = Recorder(options => (options.MaxQueuedMessages, options.WhenFull) = (2, RecordingOverflow.Wait));
        var recording = recorder.Begin(NewSession());
        _store.Hold();
        Assert.True(await RecordAsync(recording, 0));
        Assert.True(await RecordAsync(recording, 1));

        var waiting = RecordAsync(recording, 2).AsTask();
        Assert.False(waiting.IsCompleted);
        _store.Release();
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
        _store.Hold();
        await RecordAsync(recording, 0);

        var waiting = RecordAsync(recording, 1, caller).AsTask();
        await caller.CancelAsync();

        Assert.False(await waiting);
        Assert.Equal(1, recorder.DroppedMessages);
        _store.Release();
    }

    [Fact]
    public async Task DisposeAsync_WhileMessagesWait_ReleasesThem()
    {
        var recorder = Recorder(options => (options.MaxQueuedMessages, options.WhenFull) = (1, RecordingOverflow.Wait));
        var recording = recorder.Begin(NewSession());
        _store.Hold();
        await RecordAsync(recording, 0);
        var waiting = RecordAsync(recording, 1).AsTask();

        var disposing = recorder.DisposeAsync().AsTask();

        Assert.False(await waiting);
        _store.Release();
        await disposing;
        Assert.Single(await FramesAsync(recording.Id));
    }

    [Fact]
    public async Task DisposeAsync_StoreHangs_GivesUpAtTheDrainTimeout()
    {
        var recorder = Recorder(options => options.DrainTimeout = TimeSpan.FromSeconds(3));
        var recording = recorder.Begin(NewSession());
        _store.Hold();
        Notify(recording, 0);

        var disposing = recorder.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await disposing;

        Assert.Equal((0, 1), (recorder.RecordedMessages, recorder.DroppedMessages));
        _store.Release();
    }

    [Fact]
    public async Task TryRecord_AfterDispose_IsDroppedAndCounted()
    {
        var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        await recorder.DisposeAsync();

        Assert.False(Notify(recording, 0));
        await recorder.DisposeAsync();

        Assert.Equal(1, recorder.DroppedMessages);
    }

    [Fact]
    public async Task TryRecord_StoreAwayForAWhile_LosesNothingThatHasRoom()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        _store.TakeAway();
        Notify(recording, 0);
        await Poll.UntilAsync(() => Task.FromResult(_store.Calls > 0), "the store was tried");
        Notify(recording, 1);

        _store.Break(null);
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
        _store.TakeAway();
        Notify(recording, 0);
        Notify(recording, 1);

        await recorder.DisposeAsync();

        Assert.Equal((0, 2), (recorder.RecordedMessages, recorder.DroppedMessages));
    }

    [Fact]
    public async Task TryRecord_OutcomeUnknown_IsNotWrittenTwice()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        _store.Break(operation => operation == "AddFrames" ? new SessionTimeoutException(operation, null, TimeSpan.FromSeconds(5)) : null);
        Notify(recording, 0);
        await WrittenAsync(recorder);

        _store.Break(null);
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
        await _store.DeleteSessionAsync(recording.Id, TestContext.Current.CancellationToken);

        Notify(recording, 1);
        await WrittenAsync(recorder);
        Notify(recording, 2);
        recording.Close(SessionStatus.Completed, "over");
        await recorder.DisposeAsync();

        Assert.Null(await _store.GetSessionAsync(recording.Id, TestContext.Current.CancellationToken));
        Assert.Equal(2, recorder.DroppedMessages);
    }

    [Fact]
    public async Task TryRecord_SilentForLongerThanItsRecordIsKept_BeginsTheRecordAnew()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession() with { TimeToLive = TimeSpan.FromMinutes(1) });
        Client(recording, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"}}}""");
        await WrittenAsync(recorder);
        _clock.Advance(TimeSpan.FromMinutes(2));

        Notify(recording, 1);
        await WrittenAsync(recorder);

        Assert.Equal("n1", Assert.Single(await FramesAsync(recording.Id)).Method);
        Assert.Equal(0, recorder.DroppedMessages);
    }

    [Fact]
    public async Task TryRecord_IdOfAnotherSession_LeavesThatAlone()
    {
        await using var recorder = Recorder();
        var other = await _store.CreateSessionAsync(NewSession(), TestContext.Current.CancellationToken);

        var recording = recorder.Begin(new Session(other.Id, TransportType.Stdio));
        Notify(recording, 0);
        await recorder.DisposeAsync();

        Assert.Equal(0, (await ReadAsync(other.Id)).FrameCount);
        Assert.Equal(1, recorder.DroppedMessages);
    }

    [Fact]
    public async Task Close_ThenRecord_IsDroppedAndCounted()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        Notify(recording, 0);
        recording.Close(SessionStatus.Failed, "broken");
        recording.Close(SessionStatus.Completed, "again");

        Assert.False(Notify(recording, 1));
        await recorder.DisposeAsync();

        Assert.Equal((SessionStatus.Failed, "broken"), ((await ReadAsync(recording.Id)).Status, (await ReadAsync(recording.Id)).CloseReason));
        Assert.Single(await FramesAsync(recording.Id));
    }

    [Fact]
    public async Task TryRecord_ManySessionsAtOnce_KeepsEachInOrder()
    {
        await using var recorder = Recorder();
        var recordings = Enumerable.Range(0, 50).Select(_ => recorder.Begin(NewSession())).ToList();

        await Parallel.ForEachAsync(recordings, TestContext.Current.CancellationToken, (recording, _) =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(Notify(recording, i));
            }

            return ValueTask.CompletedTask;
        });
        await recorder.DisposeAsync();

        foreach (var recording in recordings)
        {
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"n{i}"), (await FramesAsync(recording.Id)).Select(frame => frame.Method));
        }
    }

    [Fact]
    public async Task TryRecord_Redactor_SeesEveryFrameBeforeItIsStored()
    {
        await using var recorder = Recorder(options => options.Redactors = [new Blackout()]);
        var recording = recorder.Begin(NewSession());

        Client(recording, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"secret","version":"1"}}}""");
        await recorder.DisposeAsync();

        var frame = Assert.Single(await FramesAsync(recording.Id));
        Assert.Equal(("{}", MessageFlags.Redacted, "initialize"), (Encoding.UTF8.GetString(frame.Payload.Span), frame.Flags, frame.Method));
        Assert.Null((await ReadAsync(recording.Id)).ClientInfo);
    }

    [Fact]
    public async Task TryRecord_RedactorFails_StoresNothingOfTheFrame()
    {
        await using var recorder = Recorder(options => options.Redactors = [new Blackout { FailsAt = "n1" }]);
        var recording = recorder.Begin(NewSession());
        Notify(recording, 0);
        Notify(recording, 1);
        Notify(recording, 2);
        await recorder.DisposeAsync();

        var frames = await FramesAsync(recording.Id);
        Assert.Equal(["n0", "n2"], frames.Select(frame => frame.Method));
        Assert.Equal("1", frames[1].Metadata["recording.dropped"]);
        Assert.Equal(1, recorder.DroppedMessages);
    }

    [Fact]
    public void Constructor_OptionOutOfBounds_SaysWhichAndHow()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Recorder(options =>
        {
            options.MaxQueuedMessages = 0;
            options.MaxQueuedBytes = 1;
            options.WhenFull = (RecordingOverflow)7;
            options.TimeToLive = TimeSpan.Zero;
            options.IdleTimeout = TimeSpan.Zero;
            options.MaxOpenSessions = 0;
            options.DrainTimeout = TimeSpan.Zero;
            options.WriteDelay = TimeSpan.FromSeconds(11);
            options.Redactors = [null!];
        }));

        Assert.Equal(9, exception.Failures.Count());
        Assert.Contains(exception.Failures, failure => failure.Contains("MaxQueuedMessages is 0 messages; it must be between 1 messages and", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Close_BadReason_IsRefused()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());

        Assert.ThrowsAny<ArgumentException>(() => recording.Close(SessionStatus.Completed, ""));
        Assert.ThrowsAny<ArgumentException>(() => recording.Close(SessionStatus.Completed, "a\nb"));
        Assert.ThrowsAny<ArgumentException>(() => recording.Close(SessionStatus.Completed, new string('x', 4000)));
        Assert.ThrowsAny<ArgumentException>(() => recording.Close(SessionStatus.Active, "fine"));
        Assert.ThrowsAny<ArgumentException>(() => recording.TryRecord((MessageDirection)9, default));
    }

    [Fact]
    public async Task TryRecord_WithADelay_IsWrittenTogetherWhenThatHasPassed()
    {
        await using var recorder = Recorder(options => options.WriteDelay = TimeSpan.FromSeconds(1));
        var recording = recorder.Begin(NewSession());
        for (var i = 0; i < 10; i++)
        {
            Assert.True(Notify(recording, i));
        }

        Assert.Equal((10, 0), (recorder.QueuedMessages, _store.Calls));
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
            async () => (await _store.GetSessionAsync(recording.Id, TestContext.Current.CancellationToken))?.State == SessionState.Closed, "the session is closed, though no time passes");
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
    public async Task RecordAsync_WithADelayAndSomebodyWaitsForRoom_IsWrittenAtOnce()
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

    private SessionRecorder Recorder(Action<SessionRecordingOptions>? configure = null)
    {
        var options = new SessionRecordingOptions { WriteDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        return new SessionRecorder(_store, options, _clock);
    }

    private static Session NewSession() => new(SessionId.New(), TransportType.Stdio) { Boundary = SessionBoundary.Connection };

    private static void Client(SessionRecording recording, string message) =>
        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes(message)));

    private static void Server(SessionRecording recording, string message) =>
        Assert.True(recording.TryRecord(MessageDirection.ServerToClient, Encoding.UTF8.GetBytes(message)));

    private static bool Notify(SessionRecording recording, int number) => recording.TryRecord(MessageDirection.ClientToServer, Notification(number));

    private static ValueTask<bool> RecordAsync(SessionRecording recording, int number, CancellationTokenSource? caller = null) =>
        recording.RecordAsync(MessageDirection.ClientToServer, Notification(number), cancellationToken: caller?.Token ?? CancellationToken.None);

    private static byte[] Notification(int number) => Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"n{{number}}"}""");

    /// <summary>Waits until nothing is on its way, and lets the time pass that the recorder waits for its store.</summary>
    private Task WrittenAsync(SessionRecorder recorder) => Poll.UntilAsync(
        () =>
        {
            _clock.Advance(RetryDelay);
            return Task.FromResult(recorder.QueuedMessages == 0);
        },
        "everything is written");

    private async Task<Session> ReadAsync(SessionId id) => Assert.IsType<Session>(await _store.GetSessionAsync(id, TestContext.Current.CancellationToken));

    private async Task<List<MessageEnvelope>> FramesAsync(SessionId id) =>
        await _store.GetFramesAsync(id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync();

    private sealed class Blackout : IFrameRedactor
    {
        public string? FailsAt { get; init; }

        public MessageEnvelope Redact(MessageEnvelope frame) => frame.Method == FailsAt
            ? throw new InvalidOperationException("no")
            : frame with { Payload = "{}"u8.ToArray(), Flags = frame.Flags | MessageFlags.Redacted };
    }
}
