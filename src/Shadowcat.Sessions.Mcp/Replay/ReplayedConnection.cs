using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The client's side of a connection to a recorded server.</summary>
internal sealed class ReplayedConnection : ITransport
{
    private readonly Channel<JsonRpcMessage> _toClient = Channel.CreateUnbounded<JsonRpcMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly RecordedMessages _messages;
    private readonly MessageMatcher _requests;
    private readonly MessageMatcher _notifications;
    private readonly UnsolicitedMessages _unsolicited;
    private readonly ProgressTokens _tokens = new();
    private readonly ConcurrentDictionary<Task, bool> _sending = [];

    public ReplayedConnection(RecordedMessages messages)
    {
        _messages = messages;
        _requests = new MessageMatcher(messages, MessageDirection.ClientToServer, MessageKind.Request);
        _notifications = new MessageMatcher(messages, MessageDirection.ClientToServer, MessageKind.Notification);
        _unsolicited = new UnsolicitedMessages(messages);
    }

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _toClient.Reader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, this);
        switch (message)
        {
            case JsonRpcRequest request:
                var asked = Take(_requests, request.Method, request);
                Begin(() => AnswerAsync(request, asked));
                break;
            case JsonRpcNotification notification when Take(_notifications, notification.Method, notification) is { } notified:
                Begin(() => SendAfterAsync(notified));
                break;
            case JsonRpcMessageWithId answer when _unsolicited.NoteAnswer(answer.Id) is { } answered:
                Begin(() => SendAfterAsync(answered));
                break;
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_sending.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _toClient.Writer.TryComplete();
    }

    /// <summary>Messages are matched with recorded ones in the order of the calls.</summary>
    private static int? Take(MessageMatcher messages, string method, JsonRpcMessage message)
    {
        lock (messages)
        {
            return messages.Take(method, Fingerprint.Of(JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>())));
        }
    }

    /// <summary>Sends in the background, since it may have to wait for further messages of the client.</summary>
    private void Begin(Func<Task> send)
    {
        var sending = RunAsync(send);
        _sending.TryAdd(sending, true);
        _ = sending.ContinueWith(
            static (done, self) => ((ReplayedConnection)self!)._sending.TryRemove(done, out _),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task RunAsync(Func<Task> send)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The client has disconnected.
        }
        catch (SessionStoreException exception)
        {
            // Nothing can be answered any more: the client gets the exception as that of a broken connection.
            _toClient.Writer.TryComplete(exception);
        }
    }

    private async Task AnswerAsync(JsonRpcRequest request, int? place)
    {
        try
        {
            if (place is null && string.Equals(request.Method, RequestMethods.ServerDiscover, StringComparison.Ordinal) && _messages.Discovery.Result() is { } discovered)
            {
                Send(new JsonRpcResponse { Id = request.Id, Result = discovered });
            }
            else if (place is not { } asked)
            {
                Send(_requests.DamageOf(request.Method) is { } damage
                    ? Refusal(request, McpErrorCode.InvalidParams, $"The recording has no '{request.Method}' that is known to have these parameters; such a message was {damage} when it was recorded, and cannot be compared.")
                    : _requests.Knows(request.Method)
                    ? Refusal(request, McpErrorCode.InvalidParams, $"The recording has no '{request.Method}' with these parameters.")
                    : Refusal(request, McpErrorCode.MethodNotFound, $"The recording has no '{request.Method}'."));
            }
            else if (_messages.AnswerTo(asked) is not { } answered)
            {
                Send(Refusal(request, McpErrorCode.InternalError, $"The recording ends before this '{request.Method}' was answered."));
            }
            else
            {
                await MapProgressAsync(request, asked).ConfigureAwait(false);
                await SendUpToAsync(answered, request).ConfigureAwait(false);
                await SendUpToAsync(_unsolicited.NextOfClient(answered), request: null).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or SessionStoreException))
        {
            // The recording may hold anything. The client must not wait for an answer for ever.
            Send(Refusal(request, McpErrorCode.InternalError, $"This '{request.Method}' cannot be answered from the recording: {exception.Message}"));
        }
    }

    /// <summary>Sends what the recorded server sent after a message of the client. What follows an answer is sent with the answer.</summary>
    private Task SendAfterAsync(int place) => SendUpToAsync(_unsolicited.NextOther(place), request: null);

    /// <summary>Sends the unsolicited messages before a place in the recording that are not sent yet, and then the message at that place as the answer to a request.</summary>
    private async Task SendUpToAsync(int end, JsonRpcRequest? request)
    {
        while (true)
        {
            Task? answered;
            await _turn.WaitAsync(_ending.Token).ConfigureAwait(false);
            try
            {
                while (_unsolicited.TryTake(end, out var message, out answered))
                {
                    await SendAsync(message).ConfigureAwait(false);
                }

                if (answered is null)
                {
                    if (request is not null)
                    {
                        Send(await AnswerAsync(request, end).ConfigureAwait(false));
                    }

                    return;
                }
            }
            finally
            {
                _turn.Release();
            }

            // Others may send meanwhile: the client's answer may depend on their messages.
            await answered.WaitAsync(_ending.Token).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(int place)
    {
        try
        {
            var message = await _messages.MessageAsync(place, _ending.Token).ConfigureAwait(false);
            if (message is not JsonRpcNotification notification || _tokens.TryReplace(notification))
            {
                Send(message);
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // A message that the SDK cannot read, or that has a member twice, cannot be sent.
            _unsolicited.NoteUnsent(place);
        }
    }

    private async Task<JsonRpcMessage> AnswerAsync(JsonRpcRequest request, int place)
    {
        try
        {
            var answer = (JsonRpcMessageWithId)await _messages.MessageAsync(place, _ending.Token).ConfigureAwait(false);
            answer.Id = request.Id;
            return answer;
        }
        catch (Exception exception) when (exception is JsonException or InvalidCastException)
        {
            return Refusal(request, McpErrorCode.InternalError, $"The recorded answer to this '{request.Method}' cannot be read: {exception.Message}");
        }
    }

    private async Task MapProgressAsync(JsonRpcRequest request, int asked)
    {
        if (ProgressTokens.Of(request.Params) is { } token
            && JsonNode.Parse(JsonText.WithoutMark(await _messages.PayloadAsync(asked, _ending.Token).ConfigureAwait(false)).Span) is { } recorded
            && ProgressTokens.Of(JsonText.Member(recorded, "params")) is { } before)
        {
            _tokens.Map(before, token);
        }
    }

    private void Send(JsonRpcMessage message) => _toClient.Writer.TryWrite(message);

    private static JsonRpcError Refusal(JsonRpcRequest request, McpErrorCode code, string message) =>
        new() { Id = request.Id, Error = new JsonRpcErrorDetail { Code = (int)code, Message = message } };
}
