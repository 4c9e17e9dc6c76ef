using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Aot.Stores;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Aot.Mcp;

/// <summary>A proxy of somebody, which hands its messages to a recorder itself.</summary>
internal static class RecorderCalls
{
    public static async Task MakeAsync()
    {
        ISessionStore store = new InMemorySessionStore();
        var recorder = new SessionRecorder(store, new SessionRecordingOptions { Redactors = [new CredentialRedactor()] });
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.StreamableHttp));
        recording.TransportVersion = "2025-11-25";
        Check.That(await recording.RecordAsync(MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray(), FrameMetadata.None));
        Check.That(recording.TryRecord(MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{}}"""u8.ToArray(), exchangeId: "exchange"));
        recording.Close(SessionStatus.Completed, "over");
        await recorder.DisposeAsync();
        Check.That(recorder is { RecordedMessages: 2, DroppedMessages: 0, QueuedMessages: 0 } && recorder.Store == store);
        Check.That(await store.GetSessionAsync(recording.Id) is { IsClosed: true, CloseReason: "over" });
        Check.Same(["ping", null], (await Lists.OfAsync(store.FollowFramesAsync(recording.Id))).Select(static frame => frame.Method));

        await using var plain = new SessionRecorder(store);
        await using var configured = new SessionRecorder(store, Options.Create(new SessionRecordingOptions()));
        Check.That(plain.Store == configured.Store);
    }
}
