using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>What the tests of the recorder have in common: a store that can be broken, and a clock that they move.</summary>
public abstract class SessionRecorderTest
{
    private protected static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private protected SessionRecorderTest() => Store = new BreakableStore(new InMemorySessionStore(timeProvider: Clock));

    private protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    private protected BreakableStore Store { get; }

    private protected SessionRecorder Recorder(Action<SessionRecordingOptions>? configure = null)
    {
        var options = new SessionRecordingOptions { WriteDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        return new SessionRecorder(Store, options, timeProvider: Clock);
    }

    private protected static Session NewSession() => new(SessionId.New(), TransportType.Stdio) { Boundary = SessionBoundary.Connection };

    private protected static void Client(SessionRecording recording, string message) =>
        Assert.True(recording.TryRecord(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes(message)));

    private protected static void Server(SessionRecording recording, string message) =>
        Assert.True(recording.TryRecord(MessageDirection.ServerToClient, Encoding.UTF8.GetBytes(message)));

    private protected static bool Notify(SessionRecording recording, int number) => recording.TryRecord(MessageDirection.ClientToServer, Notification(number));

    private protected static ValueTask<bool> RecordAsync(SessionRecording recording, int number, CancellationTokenSource? caller = null) =>
        recording.RecordAsync(MessageDirection.ClientToServer, Notification(number), cancellationToken: caller?.Token ?? CancellationToken.None);

    private protected static byte[] Notification(int number) => Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"n{{number}}"}""");

    /// <summary>Waits until nothing is on its way, and lets the time pass that the recorder waits for its store.</summary>
    private protected Task WrittenAsync(SessionRecorder recorder) => Poll.UntilAsync(
        () =>
        {
            Clock.Advance(RetryDelay);
            return Task.FromResult(recorder.QueuedMessages == 0);
        },
        "everything is written");

    private protected async Task<Session> ReadAsync(SessionId id) => Assert.IsType<Session>(await Store.GetSessionAsync(id, TestContext.Current.CancellationToken));

    private protected async Task<List<MessageEnvelope>> FramesAsync(SessionId id) =>
        await Store.GetFramesAsync(id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync();
}
