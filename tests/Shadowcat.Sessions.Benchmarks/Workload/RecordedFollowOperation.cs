using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>A recorder with its options as they are by default sees a message; another store follows the session.</summary>
internal sealed class RecordedFollowOperation : WakeUp
{
    private const int LongestPause = 40;

    private readonly SessionRecorder _recorder;
    private readonly SessionRecording _recording;
    private readonly ISessionStore _store;
    private readonly IAsyncEnumerator<MessageEnvelope> _frames;
    private int _seen;

    private RecordedFollowOperation(SessionRecorder recorder, SessionRecording recording, ISessionStore store, IAsyncEnumerator<MessageEnvelope> frames)
        : base(LongestPause) => (_recorder, _recording, _store, _frames) = (recorder, recording, store, frames);

    public static async Task<RecordedFollowOperation> CreateAsync(ISessionStore follower, ISessionStore store)
    {
        var recorder = new SessionRecorder(store);
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.StreamableHttp));
        var frames = follower.FollowFramesAsync(recording.Id).GetAsyncEnumerator();
        var operation = new RecordedFollowOperation(recorder, recording, store, frames);
        operation.See();
        while (recorder.RecordedMessages == 0)
        {
            // The first message creates the session, and only what is there can be followed.
            EnsureRecorded(recorder.DroppedMessages == 0);
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        await operation.ReadAsync();
        return operation;
    }

    public override async ValueTask DisposeAsync()
    {
        await _frames.DisposeAsync();
        await _recorder.DisposeAsync();
        await SampleSessions.DeleteAsync(_store, [_recording.Id]);
    }

    protected override Task WriteAsync()
    {
        See();
        return Task.CompletedTask;
    }

    protected override async Task ReadAsync() => await _frames.MoveNextAsync();

    private void See()
    {
        var payload = Messages.Payloads[_seen % Messages.Payloads.Count];
        EnsureRecorded(_recording.TryRecord(_seen++ % 2 == 0 ? MessageDirection.ClientToServer : MessageDirection.ServerToClient, payload));
    }

    private static void EnsureRecorded(bool isRecorded)
    {
        if (!isRecorded)
        {
            throw new InvalidOperationException("The message was not recorded: nobody will see it.");
        }
    }
}
