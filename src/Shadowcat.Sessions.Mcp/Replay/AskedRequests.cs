using System.Collections.Concurrent;
using System.Globalization;
using ModelContextProtocol.Protocol;
using ProtocolRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The requests of a replayed client that were sent to a server, and await their answers. Sent by one caller at a time; answered from any thread.</summary>
/// <param name="server">The connection to the server.</param>
/// <param name="timeout">How long the answer to <c>initialize</c> is awaited.</param>
/// <param name="time">The local time.</param>
internal sealed class AskedRequests(ITransport server, TimeSpan timeout, TimeProvider time)
{
    private readonly ConcurrentDictionary<ProtocolRequestId, TaskCompletionSource<JsonRpcMessage>> _asked = [];
    private readonly List<Task> _sending = [];
    private Exception? _disconnection;

    /// <summary>How many requests were sent.</summary>
    public int Count { get; private set; }

    /// <summary>Why no further answers come; null while they may.</summary>
    public Exception? Disconnection => Volatile.Read(ref _disconnection);

    /// <summary>Completes when all are sent, which over HTTP may be when they are answered.</summary>
    public Task WhenSent() => Task.WhenAll(_sending);

    /// <summary>Begins to send a request.</summary>
    /// <param name="request">The request. It gets another id where a request with its own is not answered yet.</param>
    /// <param name="sequence">Its frame in the recording.</param>
    /// <param name="cancellationToken">Cancels the sending.</param>
    /// <returns>A task whose result is the answer.</returns>
    public async ValueTask<Task<JsonRpcMessage>> AskAsync(JsonRpcRequest request, long sequence, CancellationToken cancellationToken)
    {
        Count++;
        if (_asked.ContainsKey(request.Id))
        {
            // Two clients in one session may have used the same id; over one connection it must be unique.
            request.Id = new ProtocolRequestId(string.Create(CultureInfo.InvariantCulture, $"{request.Id}@{sequence}"));
        }

        var asked = _asked[request.Id] = new TaskCompletionSource<JsonRpcMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = SendAsync(request, asked, cancellationToken);
        _sending.Add(sending);
        if (string.Equals(request.Method, RequestMethods.Initialize, StringComparison.Ordinal))
        {
            // The transport knows its session only after this. What is sent before that would be outside of the session.
            await Task.WhenAny(sending, Task.Delay(timeout, time, cancellationToken)).ConfigureAwait(false);
        }

        return asked.Task;
    }

    /// <summary>Completes the request of an answer.</summary>
    public void Answer(JsonRpcMessageWithId answer)
    {
        if (_asked.TryRemove(answer.Id, out var asked))
        {
            asked.TrySetResult(answer);
        }
    }

    /// <summary>Fails all requests that are not answered.</summary>
    public void Disconnect(Exception disconnection)
    {
        Volatile.Write(ref _disconnection, disconnection);
        foreach (var asked in _asked.Values)
        {
            asked.TrySetException(disconnection);
        }
    }

    private async Task SendAsync(JsonRpcRequest request, TaskCompletionSource<JsonRpcMessage> asked, CancellationToken cancellationToken)
    {
        try
        {
            await server.SendMessageAsync(request, cancellationToken).ConfigureAwait(false);
            if (Disconnection is { } disconnection)
            {
                asked.TrySetException(disconnection);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It is the reason why there is no answer, and becomes a difference.
            asked.TrySetException(exception);
        }
    }
}
