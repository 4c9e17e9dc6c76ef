using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Records the messages of the servers that share one options object: all servers of a process, or the server of one stateless request.</summary>
/// <remarks>
/// The SDK makes new options for every stateless request. So messages without a session id that go through the same scope belong to the same request; errors and notifications have nothing else that says
/// so.
/// </remarks>
internal sealed class ServerScope(ServerSessions sessions)
{
    private static readonly SessionEnd Answered = new(SessionStatus.Completed, "the request was answered");
    private static readonly SessionEnd Cancelled = new(SessionStatus.Completed, "the client closed the stream, which cancels the request");
    private static readonly SessionEnd NothingToAnswer = new(SessionStatus.Completed, "there was nothing to answer");

    private readonly Lock _lock = new();
    private readonly string _exchangeId = Guid.NewGuid().ToString("N");
    private RecordedSession? _own;
    private volatile bool _isAnswered;
    private volatile bool _isCancelled;

    /// <summary>Records a message from the client before it is handled.</summary>
    public Task ReceiveAsync(MessageContext context, McpMessageHandler next, CancellationToken cancellationToken)
    {
        var session = Find(MessageDirection.ClientToServer, context);
        var recording = RecordAsync(session, MessageDirection.ClientToServer, context, cancellationToken);
        if (context.JsonRpcMessage is JsonRpcRequest && session is { IsWatched: false })
        {
            return HandleAsync(recording, session, context, next, cancellationToken);
        }

        return recording.IsCompletedSuccessfully ? next(context, cancellationToken) : ThenAsync();

        async Task ThenAsync()
        {
            await recording.ConfigureAwait(false);
            await next(context, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Handles a request, which keeps its session open meanwhile. Over Streamable HTTP, a client that closes the stream cancels it.</summary>
    private async Task HandleAsync(
        ValueTask recording, RecordedSession session, MessageContext context, McpMessageHandler next, CancellationToken cancellationToken)
    {
        session.Enter();
        try
        {
            await recording.ConfigureAwait(false);
            var registration = context.Server.SessionId is null ? cancellationToken.UnsafeRegister(_ => Cancel(context), state: null) : default;
            await using (registration.ConfigureAwait(false))
            {
                await next(context, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            sessions.Recorder.Upkeep.Leave(session);
            if (_isCancelled && session.Described.Boundary == SessionBoundary.Exchange)
            {
                sessions.Recorder.End(session, Cancelled);
            }
        }
    }

    private void Cancel(MessageContext context)
    {
        // A connection has no stream for each request: there a message cancels it.
        if (_own is not { } session || session.Described.Boundary == SessionBoundary.Connection || _isAnswered)
        {
            return;
        }

        _isCancelled = true;
        try
        {
            var by = sessions.IsStopping ? ExchangeEnd.Server : ExchangeEnd.Client;
            sessions.Recorder.TryRecord(session, RecorderMessages.Cancelled(context.JsonRpcMessage, by, Facts(context, transportId: null, isOfRequest: true)));
        }
        catch (Exception exception)
        {
            // Whoever cancels must not get this exception.
            sessions.Recorder.Fail(session, exception);
        }
    }

    /// <summary>Records a message to the client after all filters and before it is sent, so that what the client answers comes behind it.</summary>
    public async Task SendAsync(MessageContext context, McpMessageHandler next, CancellationToken cancellationToken)
    {
        await RecordAsync(Find(MessageDirection.ServerToClient, context), MessageDirection.ServerToClient, context, cancellationToken).ConfigureAwait(false);
        try
        {
            await next(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NoteUndelivered(context, exception);
            throw;
        }
    }

    /// <summary>The session of a message; null where it is not recorded here.</summary>
    private RecordedSession? Find(MessageDirection direction, MessageContext context)
    {
        try
        {
            return context.Server.SessionId is { } id ? sessions.OfTransport(id, context) : Own(direction, context);
        }
        catch (Exception exception)
        {
            // Whatever it is, the conversation is worth more than its record.
            sessions.Recorder.Fail(session: null, exception);
            return null;
        }
    }

    private async ValueTask RecordAsync(RecordedSession? session, MessageDirection direction, MessageContext context, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            return;
        }

        try
        {
            var transportId = context.Server.SessionId;
            var isOfRequest = transportId is null && session.Described.Boundary != SessionBoundary.Connection;
            if (!isOfRequest && direction == MessageDirection.ClientToServer && context.JsonRpcMessage is JsonRpcNotification)
            {
                // The token of a request may be cancelled alone; that of a notification only together with the server.
                sessions.WatchEnd(session, cancellationToken);
            }

            var handsOut = isOfRequest && direction == MessageDirection.ServerToClient ? sessions.HandsOut(session, context) : null;
            await sessions.Recorder.RecordAsync(
                session, direction, context.JsonRpcMessage, Facts(context, transportId, isOfRequest, direction, handsOut), cancellationToken).ConfigureAwait(false);
            if (isOfRequest)
            {
                EndIfOver(session, direction, context.JsonRpcMessage);
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, the conversation is worth more than its record.
            sessions.Recorder.Fail(session, exception);
        }
    }

    /// <summary>The session of messages without a session id; null where their transport records it.</summary>
    private RecordedSession? Own(MessageDirection direction, MessageContext context)
    {
        lock (_lock)
        {
            if (_own is null || (_own.HasEnded && _own.Described.Boundary == SessionBoundary.Correlated))
            {
                if (sessions.IsLeftToTransport(context.Server))
                {
                    return null;
                }

                _own = IsConnection(direction, context.JsonRpcMessage) ? sessions.OfConnection(context) : sessions.OfRequest(context);
            }

            return _own;
        }
    }

    /// <summary>A request over HTTP has a transport for its answers. A message without one belongs to a connection.</summary>
    private static bool IsConnection(MessageDirection direction, JsonRpcMessage message) =>
        message.Context?.RelatedTransport is null && (message is JsonRpcRequest || direction == MessageDirection.ServerToClient);

    private MessageFacts Facts(MessageContext context, string? transportId, bool isOfRequest, MessageDirection direction = MessageDirection.Internal, string? handsOut = null) => new()
    {
        HandsOut = handsOut,
        ExchangeId = isOfRequest ? _exchangeId : null,
        Flags = direction == MessageDirection.ServerToClient && _isCancelled ? MessageFlags.Undelivered : MessageFlags.None,
        TransportSessionId = transportId,
        TransportVersion = transportId is null && !isOfRequest ? null : context.JsonRpcMessage.Context?.ProtocolVersion,
    };

    private void EndIfOver(RecordedSession session, MessageDirection direction, JsonRpcMessage message)
    {
        if (direction == MessageDirection.ServerToClient && message is JsonRpcResponse or JsonRpcError)
        {
            _isAnswered = true;
            if (!session.HandsOut && session.Described.Boundary == SessionBoundary.Exchange && !_isCancelled)
            {
                sessions.Recorder.End(session, Answered);
            }
        }
        else if (direction == MessageDirection.ClientToServer && message is not JsonRpcRequest && session.Described.Boundary == SessionBoundary.Exchange)
        {
            sessions.Recorder.End(session, NothingToAnswer);
        }
    }

    private void NoteUndelivered(MessageContext context, Exception exception)
    {
        var session = context.Server.SessionId is { } id ? sessions.OfTransport(id, context) : _own;
        if (session is not null)
        {
            sessions.Recorder.TryRecord(
                session, RecorderMessages.Undelivered(context.JsonRpcMessage, exception, Facts(context, context.Server.SessionId, isOfRequest: false)));
        }
    }
}
