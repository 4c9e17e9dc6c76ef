using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>A recorded client: it sends its messages again and compares the answers.</summary>
internal sealed class ReplayedClient : IDisposable
{
    /// <summary>How long after the last answer the messages are awaited that the recorded server sent.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly JsonTypeInfo<JsonRpcMessage> Message = McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>();

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<ReplayDifference> _differences = new();
    private readonly List<(int Place, Task<JsonRpcMessage> Answer)> _unanswered = [];
    private readonly RecordedMessages _messages;
    private readonly ClientAnswers _answers;
    private readonly NotificationCounts _notifications;
    private readonly ITransport _server;
    private readonly AskedRequests _asked;
    private readonly TimeSpan _timeout;
    private readonly AnswerComparison _comparison;
    private int _same;

    public ReplayedClient(RecordedMessages messages, ITransport server, SessionReplayOptions options)
    {
        _messages = messages;
        _answers = new ClientAnswers(messages);
        _notifications = new NotificationCounts(messages);
        _server = server;
        _asked = new AskedRequests(server, options.AnswerTimeout, Time);
        _timeout = options.AnswerTimeout;
        _comparison = new AnswerComparison(options.IgnoredPaths);
    }

    public async Task<ReplayReport> RunAsync(CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        var listening = ListenAsync(running.Token);
        try
        {
            await SendAllAsync(running.Token).ConfigureAwait(false);
            await SettleAsync(listening, running.Token).ConfigureAwait(false);
        }
        finally
        {
            await _ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(listening, _asked.WhenSent()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_asked.Disconnection is SessionStoreException failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        foreach (var (place, answer) in _unanswered)
        {
            if (answer.IsCompletedSuccessfully)
            {
                Note(ReplayDifferenceKind.NewAnswer, place, actual: Text(await answer.ConfigureAwait(false)));
            }
        }

        foreach (var place in _answers.Missing)
        {
            _differences.Enqueue(new ReplayDifference(ReplayDifferenceKind.MissingRequest, _messages[place].Method!));
        }

        foreach (var (method, recorded, actual) in _notifications.Differences())
        {
            _differences.Enqueue(new ReplayDifference(ReplayDifferenceKind.Notifications, method, recorded: $"{recorded}", actual: $"{actual}"));
        }

        return new ReplayReport(_asked.Count, _same, [.. _differences]);
    }

    public void Dispose() => _ending.Dispose();

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        var comparing = new PriorityQueue<Task, int>();
        for (var i = 0; i < _messages.Count; i++)
        {
            // The recorded client had received these answers before it sent this message.
            while (comparing.TryPeek(out var comparison, out var answer) && answer < i)
            {
                await comparison.ConfigureAwait(false);
                _ = comparing.Dequeue();
            }

            if (!_messages[i].IsFrom(MessageDirection.ClientToServer, MessageKind.Request) && !_messages[i].IsFrom(MessageDirection.ClientToServer, MessageKind.Notification))
            {
                continue;
            }

            var message = await ReadAsync(i, cancellationToken).ConfigureAwait(false);
            if (message is JsonRpcRequest request)
            {
                var answer = await _asked.AskAsync(request, _messages[i].Sequence, cancellationToken).ConfigureAwait(false);
                if (_messages.AnswerTo(i) is { } recorded)
                {
                    comparing.Enqueue(CompareAsync(i, recorded, answer, cancellationToken), recorded);
                }
                else
                {
                    _unanswered.Add((i, answer));
                }
            }
            else if (message is not null)
            {
                await NotifyAsync(i, message, cancellationToken).ConfigureAwait(false);
            }
        }

        while (comparing.TryDequeue(out var comparison, out _))
        {
            await comparison.ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the messages of the server that are still missing.</summary>
    private async Task SettleAsync(Task listening, CancellationToken cancellationToken)
    {
        var complete = Task.WhenAll(_notifications.Complete, _answers.Complete);
        try
        {
            await Task.WhenAny(complete, listening).WaitAsync(Grace, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They are missing, which becomes a difference.
        }
    }

    private async ValueTask<JsonRpcMessage?> ReadAsync(int place, CancellationToken cancellationToken)
    {
        if (_messages[place].Damage is { } damage)
        {
            // The server would get a request that nobody made, or a wrong password.
            Note(ReplayDifferenceKind.NotSent, place, actual: $"The recorded message was {damage} when it was recorded.");
            return null;
        }

        try
        {
            return await _messages.MessageAsync(place, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            Note(ReplayDifferenceKind.NotSent, place, actual: exception.Message);
            return null;
        }
    }

    private async Task NotifyAsync(int place, JsonRpcMessage notification, CancellationToken cancellationToken)
    {
        try
        {
            await _server.SendMessageAsync(notification, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Note(ReplayDifferenceKind.NotSent, place, actual: exception.Message);
        }
    }

    private async Task CompareAsync(int place, int recordedAnswer, Task<JsonRpcMessage> asked, CancellationToken cancellationToken)
    {
        var recorded = JsonText.WithoutMark(await _messages.PayloadAsync(recordedAnswer, cancellationToken).ConfigureAwait(false));
        try
        {
            var answer = await asked.WaitAsync(_timeout, Time, cancellationToken).ConfigureAwait(false);
            if (_messages[recordedAnswer].Damage is { } damage && Damage.IsNoMessage(damage))
            {
                Note(ReplayDifferenceKind.NotComparable, place, recorded: $"The recorded answer was {damage} when it was recorded.");
                return;
            }

            var isRedacted = _messages[recordedAnswer].Damage == Damage.Redacted;
            var differences = _comparison.Compare(recorded, JsonSerializer.SerializeToUtf8Bytes(answer, Message), isRedacted);
            if (differences.Count == 0)
            {
                Interlocked.Increment(ref _same); // answers that come at once are compared at once
            }

            foreach (var (path, before, now) in differences)
            {
                Note(ReplayDifferenceKind.Answer, place, path, before, now);
            }
        }
        catch (JsonException exception)
        {
            Note(ReplayDifferenceKind.NotComparable, place, recorded: $"The recorded answer cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not SessionStoreException)
        {
            Note(ReplayDifferenceKind.NoAnswer, place, actual: exception.Message);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        Exception disconnection = new IOException("The connection to the server ended.");
        try
        {
            await foreach (var message in _server.MessageReader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await ReceiveAsync(message, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SessionStoreException exception)
        {
            disconnection = exception;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            disconnection = new IOException($"The connection to the server ended: {exception.Message}", exception);
        }

        _asked.Disconnect(disconnection);
    }

    private async ValueTask ReceiveAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case JsonRpcRequest request:
                await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
                _answers.CompleteIfNoneIsMissing();
                break;
            case JsonRpcNotification notification:
                _notifications.Add(notification.Method);
                break;
            case JsonRpcMessageWithId answer:
                _asked.Answer(answer);
                break;
        }
    }

    /// <summary>Answers a request of the server as the recorded client answered it.</summary>
    private async ValueTask AnswerAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (await AnswerToAsync(request, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                await _server.SendMessageAsync(answer, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not SessionStoreException)
        {
            // The server may do without the answer. Its further messages are still received.
            _differences.Enqueue(new ReplayDifference(ReplayDifferenceKind.NotSent, request.Method, actual: exception.Message));
        }
    }

    private async ValueTask<JsonRpcMessageWithId?> AnswerToAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        if (_answers.Find(request) is { } place)
        {
            return await _answers.AnswerAsync(place, request.Id, cancellationToken).ConfigureAwait(false);
        }

        _differences.Enqueue(new ReplayDifference(ReplayDifferenceKind.NewRequest, request.Method, actual: AnswerComparison.Shortened(request.Params?.ToJsonString())));
        var detail = new JsonRpcErrorDetail { Code = (int)McpErrorCode.MethodNotFound, Message = $"The recorded client was not asked for this '{request.Method}'." };
        return new JsonRpcError { Id = request.Id, Error = detail };
    }

    private void Note(ReplayDifferenceKind kind, int place, string? path = null, string? recorded = null, string? actual = null) =>
        _differences.Enqueue(new ReplayDifference(kind, _messages[place].Method ?? "", _messages[place].Sequence, path, recorded, actual));

    private static string? Text(JsonRpcMessage message) => AnswerComparison.Shortened(JsonSerializer.Serialize(message, Message));
}
