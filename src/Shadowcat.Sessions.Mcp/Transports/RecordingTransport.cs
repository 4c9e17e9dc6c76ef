using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Records the messages of a transport in the order of the wire: before they are sent, and when they are read.</summary>
internal sealed class RecordingTransport : ITransport
{
    private readonly ITransport _inner;
    private readonly TransportSide _side;
    private readonly SessionRecorder _recorder;
    private readonly RecordedSession _session;
    private readonly IAsyncDisposable? _owned;
    private readonly UnansweredRequests _unanswered = new();
    private int _isDisposed;

    /// <param name="inner">The transport; it is disposed of with this one.</param>
    /// <param name="side">The side of the conversation.</param>
    /// <param name="recorder">The recorder of the messages.</param>
    /// <param name="session">Their session.</param>
    /// <param name="owned">What is disposed of with this transport, after the session is closed; null for nothing.</param>
    public RecordingTransport(ITransport inner, TransportSide side, SessionRecorder recorder, Session session, IAsyncDisposable? owned = null)
    {
        _inner = inner;
        _side = side;
        _recorder = recorder;
        _session = recorder.Connect(session, () => EndOf(inner.MessageReader.Completion));
        _owned = owned;
        MessageReader = new ReceivedMessages(inner.MessageReader, recorder, Received);
    }

    public string? SessionId => _inner.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader { get; }

    private MessageFacts Facts => _inner.SessionId is { } id ? new MessageFacts { TransportSessionId = id } : MessageFacts.None;

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await RecordAsync(_side.Sent, message, cancellationToken).ConfigureAwait(false);
        try
        {
            await _inner.SendMessageAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && message is JsonRpcRequest)
        {
            // Over Streamable HTTP that closes the stream, which since 2026-07-28 is how a request is cancelled; it may well have been delivered.
            _unanswered.Remove(message);
            _recorder.TryRecord(_session, RecorderMessages.Cancelled(message, _side.Name, Facts));
            throw;
        }
        catch (Exception exception)
        {
            _unanswered.Remove(message);
            _recorder.TryRecord(_session, RecorderMessages.Undelivered(message, exception, Facts));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // This side ends the conversation, unless the peer has ended it before.
        var isByPeer = _inner.MessageReader.Completion.IsCompleted;
        var end = EndOf(_inner.MessageReader.Completion) ?? new SessionEnd(SessionStatus.Completed, $"the {_side.Name} closed the connection");
        try
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            NoteUnanswered(isByPeer ? _side.Peer : _side.Name);
            _recorder.End(_session, end);
            if (_owned is not null)
            {
                await _owned.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Records a message that was read. It has left the queue of the transport, so it is accepted beyond the capacity where messages wait.</summary>
    private void Received(JsonRpcMessage message)
    {
        try
        {
            _unanswered.Follow(_side.Received, message);
            _recorder.Record(_session, _side.Received, message, Facts);
        }
        catch (Exception exception)
        {
            _recorder.Fail(_session, exception);
        }
    }

    private async ValueTask RecordAsync(MessageDirection direction, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        try
        {
            _unanswered.Follow(direction, message);
            await _recorder.RecordAsync(_session, direction, message, Facts, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it is, the conversation is worth more than its record.
            _recorder.Fail(_session, exception);
        }
    }

    /// <summary>Records how the unanswered requests end with the connection.</summary>
    private void NoteUnanswered(string by)
    {
        try
        {
            foreach (var (request, how) in _unanswered.End(by == TransportSide.Client.Name))
            {
                _recorder.TryRecord(_session, RecorderMessages.Cancelled(request, by, Facts, how));
            }
        }
        catch (Exception exception)
        {
            // Whatever failed, the connection ends.
            _recorder.Fail(_session, exception);
        }
    }

    private SessionEnd? EndOf(Task received)
    {
        if (!received.IsCompleted)
        {
            return null;
        }

        var details = (received.Exception?.InnerException as ClientTransportClosedException)?.Details;
        return details switch
        {
            StdioClientCompletionDetails { ExitCode: { } exit } => new(exit == 0 ? SessionStatus.Completed : SessionStatus.Failed, $"the server exited with {exit}"),
            HttpClientCompletionDetails { HttpStatusCode: { } status } => new(SessionStatus.Failed, $"the server answered {(int)status}"),
            { Exception: { } exception } => new(SessionStatus.Failed, $"the connection broke ({exception.GetType().Name})"),
            null when received.IsFaulted => new(SessionStatus.Failed, $"the connection broke ({received.Exception!.InnerException!.GetType().Name})"),
            _ => new(SessionStatus.Completed, $"the {_side.Peer} closed the connection"),
        };
    }
}
