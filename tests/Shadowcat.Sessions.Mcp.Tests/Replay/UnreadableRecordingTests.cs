namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>Recordings with messages that are cut off or odd: the rest of them is replayed, and nobody waits for ever.</summary>
public sealed class UnreadableRecordingTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequestOfTheServer_CutOff_IsNotAwaited()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"tools/call"}""");
        await AddCutOffAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{"text":"..."}}""");
        await AddAsync(id, MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":9,"result":{}}""");
        await AddAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"done":true}}""");

        Assert.Equal("""{"id":5,"result":{"done":true}}""", await AskAsync(id, """{"id":5,"method":"tools/call"}"""));
    }

    [Fact]
    public async Task Request_CutOff_IsNotTheSameAsOneWithoutParameters()
    {
        var id = await Recordings.WriteAsync(_store);
        await AddCutOffAsync(id, MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"..."}}""");
        await AddAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{}}""");

        Assert.Contains("-32602", await AskAsync(id, """{"id":5,"method":"tools/call"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"progressToken":1,"progressToken":1}""", """{"progressToken":7}""")]
    [InlineData("""{"progressToken":1}""", """{"progressToken":7,"progressToken":7}""")]
    public async Task Request_WithAMemberTwice_IsAnswered(string recorded, string asked)
    {
        var id = await Recordings.WriteAsync(_store, $$$"""> {"id":1,"method":"m","params":{"_meta":{{{recorded}}}}}""", """< {"id":1,"result":{}}""");

        Assert.StartsWith("""{"id":5,""", await AskAsync(id, $$$"""{"id":5,"method":"m","params":{"_meta":{{{asked}}}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotificationOfTheServer_WithAMemberTwice_HoldsUpNothing()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"m","params":{"_meta":{"progressToken":1}}}""",
            """< {"method":"notifications/progress","params":{"progressToken":1,"progressToken":2}}""",
            """< {"id":1,"result":{}}""");

        Assert.Equal("""{"id":5,"result":{}}""", await AskAsync(id, """{"id":5,"method":"m","params":{"_meta":{"progressToken":7}}}"""));
    }

    private async Task<string> AskAsync(SessionId id, string request)
    {
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);
        await server.SendMessageAsync(Recordings.Message(request), Ct);
        return Recordings.Json(await server.MessageReader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct));
    }

    private async Task AddAsync(SessionId id, MessageDirection direction, string payload) => await _store.AddFrameAsync(Frame(id, direction, payload), Ct);

    /// <summary>Adds a frame of which the recorder kept the beginning only: what it is was read before.</summary>
    private async Task AddCutOffAsync(SessionId id, MessageDirection direction, string payload)
    {
        var whole = Frame(id, direction, payload);
        await _store.AddFrameAsync(whole with { Payload = whole.Payload[..^5], Flags = MessageFlags.Truncated }, Ct);
    }

    private static MessageEnvelope Frame(SessionId id, MessageDirection direction, string payload) =>
        new(id, direction, TransportType.Stdio, System.Text.Encoding.UTF8.GetBytes(payload), DateTimeOffset.UtcNow);
}
