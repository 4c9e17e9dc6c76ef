using System.Text;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.Mcp.Tests.Redaction;

/// <summary>What happens where redacting takes more than it may: the frame says so, and nobody waits for it.</summary>
public sealed class RedactionBudgetTests : SessionRecorderTest
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    [Fact]
    public void Redact_LargerThanAllowed_IsWithheldAndSaysSo()
    {
        var frame = new MessageEnvelope(SessionId.New(), MessageDirection.ClientToServer, TransportType.Stdio, Notification(1), Clock.GetUtcNow())
        {
            Metadata = FrameMetadata.Create([new("Authorization", "Bearer x"), new("Accept", "*/*")]),
        };

        var redacted = new CredentialRedactor { MaxPayloadBytes = 10 }.Redact(frame);

        Assert.Equal(("[redacted]", "n1", MessageFlags.Redacted), (Encoding.UTF8.GetString(redacted.Payload.Span), redacted.Method, redacted.Flags));
        Assert.Equal(("too_large", $"{frame.Payload.Length}"), (redacted.Metadata["recording.withheld"], redacted.Metadata["recording.length"]));
        Assert.Equal(("[redacted]", "*/*"), (redacted.Metadata["Authorization"], redacted.Metadata["Accept"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CredentialRedactor { MaxPayloadBytes = 0 });
    }

    [Fact]
    public async Task TryRecord_RedactorDoesNotReturn_DelaysNoOtherSessionAndIsNotedInTheFrame()
    {
        using var redactor = new Stuck();
        await using var recorder = Recorder(options => (options.Redactors, options.RedactionTimeout) = ([redactor], Timeout));
        var (held, other) = (recorder.Begin(NewSession()), recorder.Begin(NewSession()));
        Client(held, """{"jsonrpc":"2.0","method":"stuck","params":{"password":"x"}}""");
        Notify(other, 0);
        await StoredAsync(recorder, 1, TimeSpan.FromMilliseconds(50));
        Notify(held, 1);
        Notify(other, 2);
        await StoredAsync(recorder, 2, TimeSpan.FromMilliseconds(50));
        Assert.Equal(["n0", "n2"], (await FramesAsync(other.Id)).Select(frame => frame.Method));

        await StoredAsync(recorder, 4, Timeout);

        var frames = await FramesAsync(held.Id);
        Assert.Equal(["stuck", "n1"], frames.Select(frame => frame.Method));
        Assert.All(frames, frame => Assert.Equal(
            ("[redacted]", "timed_out", MessageFlags.Redacted), (Encoding.UTF8.GetString(frame.Payload.Span), frame.Metadata["recording.withheld"], frame.Flags)));
        redactor.Release();
    }

    [Fact]
    public async Task DisposeAsync_RedactorDoesNotReturn_WaitsNoLongerThanAllowed()
    {
        using var redactor = new Stuck();
        var recorder = Recorder(options => (options.Redactors, options.RedactionTimeout, options.DrainTimeout) = ([redactor], Timeout, TimeSpan.FromSeconds(2)));
        var recording = recorder.Begin(NewSession());
        Client(recording, """{"jsonrpc":"2.0","method":"stuck"}""");
        Notify(recording, 1);
        await redactor.Entered;

        var disposing = recorder.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(2));
        await disposing;

        Assert.Equal((0, 2), (recorder.RecordedMessages, recorder.DroppedMessages));
        redactor.Release();
    }

    [Fact]
    public async Task TryRecord_TwentyEightMegabytesOfTheWorst_KeepsItsBeginning()
    {
        await using var recorder = Recorder();
        var recording = recorder.Begin(NewSession());
        var text = string.Concat(Enumerable.Repeat("-eyJ", 7 * 1024 * 1024));

        Client(recording, $$$"""{"jsonrpc":"2.0","id":1,"method":"huge","params":{"password":"hunter2","text":"{{{text}}}"}}""");
        await recorder.DisposeAsync();

        var frame = Assert.Single(await FramesAsync(recording.Id));
        Assert.Equal((MessageFlags.Truncated | MessageFlags.Redacted, "huge", 4 * 1024 * 1024), (frame.Flags, frame.Method, frame.Payload.Length));
        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"method":"huge","params":{"password":"[redacted]","text":"-eyJ""", Encoding.UTF8.GetString(frame.Payload.Span[..128]), StringComparison.Ordinal);
    }

    private Task StoredAsync(SessionRecorder recorder, int messages, TimeSpan step) => Poll.UntilAsync(
        () =>
        {
            Clock.Advance(step);
            return Task.FromResult(recorder.RecordedMessages >= messages);
        },
        $"{messages} messages are stored");

    private sealed class Stuck : IFrameRedactor, IDisposable
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public MessageEnvelope Redact(MessageEnvelope frame)
        {
            if (frame.Method == "stuck")
            {
                _entered.TrySetResult();
                _gate.Wait();
            }

            return frame;
        }

        public void Release() => _gate.Set();

        public void Dispose()
        {
            _gate.Set();
            _gate.Dispose();
        }
    }
}
