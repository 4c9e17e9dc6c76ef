using System.Text;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>A recorder that was disposed of begins nothing; a conversation that it recorded goes on, without a record.</summary>
public sealed class DisposedRecorderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_AfterDispose_ThrowsObjectDisposed()
    {
        var store = new InMemorySessionStore();
        var recorder = new SessionRecorder(store);
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.Stdio));
        await recorder.DisposeAsync();

        var thrown = Assert.Throws<ObjectDisposedException>(() => recorder.Begin(new Session(SessionId.New(), TransportType.Stdio)));

        Assert.Equal(typeof(SessionRecorder).FullName, thrown.ObjectName);
        Assert.False(recording.TryRecord(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","method":"late"}""")));
        Assert.Equal(1, recorder.DroppedMessages);
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        await recorder.DisposeAsync();
    }
}
