using System.Text;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>The way of messages into the store.</summary>
public sealed class SessionRecorderTests : SessionRecorderTest
{
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
        Assert.All(frames, frame => Assert.Equal(Clock.GetUtcNow(), frame.Timestamp));
        Assert.Equal((3, 0), (recorder.RecordedMessages, recorder.DroppedMessages));
    }

    [Fact]
    public async Task TryRecord_NothingSaid_CreatesNoSession()
    {
        await using var recorder = Recorder();
        recorder.Begin(NewSession());

        await recorder.DisposeAsync();

        Assert.Equal(0, await Store.CountSessionsAsync(TestContext.Current.CancellationToken));
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

    private sealed class Blackout : IFrameRedactor
    {
        public string? FailsAt { get; init; }

        public MessageEnvelope Redact(MessageEnvelope frame) => frame.Method == FailsAt
            ? throw new InvalidOperationException("no")
            : frame with { Payload = "{}"u8.ToArray(), Flags = frame.Flags | MessageFlags.Redacted };
    }
}
