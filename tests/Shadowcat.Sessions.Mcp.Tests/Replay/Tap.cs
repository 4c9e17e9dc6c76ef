using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>Writes each message of a client into a session, in the order of the connection.</summary>
internal sealed class Tap(IClientTransport inner, ISessionStore store, SessionId id) : IClientTransport
{
    public string Name => inner.Name;

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) =>
        new Connection(await inner.ConnectAsync(cancellationToken), store, id);

    private sealed class Connection : ITransport
    {
        private readonly Channel<JsonRpcMessage> _toClient = Channel.CreateUnbounded<JsonRpcMessage>();
        private readonly ITransport _inner;
        private readonly ISessionStore _store;
        private readonly SessionId _id;
        private readonly Task _reading;

        public Connection(ITransport inner, ISessionStore store, SessionId id)
        {
            (_inner, _store, _id) = (inner, store, id);
            _reading = ReadAsync();
        }

        public string? SessionId => _inner.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => _toClient.Reader;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            await RecordAsync(message, MessageDirection.ClientToServer);
            await _inner.SendMessageAsync(message, cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await _inner.DisposeAsync();
            await _reading;
        }

        private async Task ReadAsync()
        {
            await foreach (var message in _inner.MessageReader.ReadAllAsync())
            {
                await RecordAsync(message, MessageDirection.ServerToClient);
                _toClient.Writer.TryWrite(message);
            }

            _toClient.Writer.TryComplete();
        }

        private async Task RecordAsync(JsonRpcMessage message, MessageDirection direction) => await _store.AddFrameAsync(new MessageEnvelope(
            _id, direction, TransportType.Stdio, JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions), DateTimeOffset.UtcNow));
    }
}
