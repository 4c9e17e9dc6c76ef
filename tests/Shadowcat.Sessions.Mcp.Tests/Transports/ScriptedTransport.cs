using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Transports;

/// <summary>A connection to a server that accepts everything, and sends only what a test makes it send.</summary>
internal sealed class ScriptedTransport : IClientTransport, ITransport
{
    private readonly Channel<JsonRpcMessage> _toClient = Channel.CreateUnbounded<JsonRpcMessage>();

    public string Name => "scripted";

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _toClient.Reader;

    /// <summary>Says something.</summary>
    public void Say(JsonRpcMessage message) => _toClient.Writer.TryWrite(message);

    /// <summary>Closes the server's end.</summary>
    public void Close() => _toClient.Writer.TryComplete();

    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => Task.FromResult<ITransport>(this);

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }
}
