using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ProtocolRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The requests of the server in a recording, and the answers of the recorded client. Not safe for several threads.</summary>
internal sealed class ClientAnswers
{
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordedMessages _messages;
    private readonly MessageMatcher _requests;

    public ClientAnswers(RecordedMessages messages)
    {
        _messages = messages;
        _requests = new MessageMatcher(messages, MessageDirection.ServerToClient, MessageKind.Request);
        CompleteIfNoneIsMissing();
    }

    /// <summary>Completes when all recorded requests were made again.</summary>
    public Task Complete => _complete.Task;

    /// <summary>The places of the requests that were not made again.</summary>
    public IReadOnlyCollection<int> Missing => _requests.Untaken;

    /// <summary>The place of a request in the recording; null where it is not there.</summary>
    public int? Find(JsonRpcRequest request) =>
        _requests.Take(request.Method, Fingerprint.Of(JsonSerializer.SerializeToUtf8Bytes(request, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>())));

    /// <summary>The recorded answer to a request, with the id of the actual one; null where it was not answered.</summary>
    /// <exception cref="JsonException">The recorded answer cannot be read.</exception>
    public async ValueTask<JsonRpcMessageWithId?> AnswerAsync(int place, ProtocolRequestId id, CancellationToken cancellationToken)
    {
        if (_messages.AnswerTo(place) is not { } answered)
        {
            return null;
        }

        var answer = (JsonRpcMessageWithId)await _messages.MessageAsync(answered, cancellationToken).ConfigureAwait(false);
        answer.Id = id;
        return answer;
    }

    /// <summary>To be called when a request has been handled.</summary>
    public void CompleteIfNoneIsMissing()
    {
        if (Missing.Count == 0)
        {
            _complete.TrySetResult();
        }
    }
}
