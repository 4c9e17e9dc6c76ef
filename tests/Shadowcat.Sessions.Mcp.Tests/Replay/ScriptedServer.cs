using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>A connection to a server that does what a test says.</summary>
internal sealed class ScriptedServer(Action<JsonRpcMessage, ChannelWriter<JsonRpcMessage>> onMessage) : ITransport
{
    private readonly Channel<JsonRpcMessage> _toClient = Channel.CreateUnbounded<JsonRpcMessage>();

    /// <summary>What the server got, as JSON.</summary>
    public List<string> Received { get; } = [];

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _toClient.Reader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        lock (Received)
        {
            Received.Add(Recordings.Json(message));
            onMessage(message, _toClient.Writer);
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _toClient.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
