using Shadowcat.Sessions;

ISessionStore store = new InMemorySessionStore();

// A session is one conversation between a client and a server.
var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio) { Tags = ["demo"] });

// A frame is one JSON-RPC message of it, kept byte for byte.
var request = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray();
await store.AddFrameAsync(new MessageEnvelope(
    session.Id, MessageDirection.ClientToServer, TransportType.Stdio, request, DateTimeOffset.UtcNow));

await foreach (var frame in store.GetFramesAsync(session.Id))
{
    Console.WriteLine($"{frame.Sequence} {frame.Direction} {frame.Method}");
}
