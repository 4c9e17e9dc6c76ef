using System.Collections.Concurrent;
using System.Globalization;
using ModelContextProtocol.Protocol;
using ProtocolRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The requests of a replayed client that were sent to a server, and wait for their answers. Asked one after the other; answered from any thread.</summary>
/// <param name="server">The connection to the server.</param>
/// <param name="timeout">How long <c>initialize</c> is waited for.</param>
/// <param name="time">Says how long that is.</param>
internal sealed class AskedRequests(ITransport server, TimeSpan timeout, TimeProvider time)
{
    private readonly ConcurrentDictionary<ProtocolRequestId, TaskCompletionSource<JsonRpcMessage>> _asked = [];
    private readonly List<Task> _sending = [];
    private Exception? _disconnection;

    /// <summary>How many were asked.</summary>
    public int Count { get; private set; }

    /// <summary>Why nothing is answered any more; null as long as it is.</summary>
    public Exception? Disconnection => Volatile.Read(ref _disconnection);

    /// <summary>Completes when all are sent, which over HTTP may not be before they are answered.</summary>
    public Task WhenSent() => Task.WhenAll(_sending);

    /// <summary>Begins to send a request.</summary>
    /// <param name="request">The request. It gets another id where its own is under way.</param>
    /// <param name="sequence">Its frame in the recording.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    /// <returns>A task whose result is the answer to come.</returns>
    public async ValueTask<Task<JsonRpcMessage>> AskAsync(JsonRpcRequest request, long sequence, CancellationToken cancellationToken)
    {
        Count++;
        if (_asked.ContainsKey(request.Id))
        {
            // Two clients in one session may have given two requests the same id; over one connection that is one too many.
            request.Id = new ProtocolRequestId(string.Create(CultureInfo.InvariantCulture, $"{request.Id}@{sequence}"));
        }

        var asked = _asked[request.Id] = new TaskCompletionSource<JsonRpcMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = SendAsync(request, asked, cancellationToken);
        _sending.Add(sending);
        if (string.Equals(request.Method, RequestMethods.Initialize, StringComparison.Ordinal))
        {
            // The answer is read before the transport knows its session; whatever is sent before it does is not sent in that session.
            await Task.WhenAny(sending, Task.Delay(timeout, time, cancellationToken)).ConfigureAwait(false);
        }

        return asked.Task;
    }

    /// <summary>Takes an answer.</summary>
    public void Answer(JsonRpcMessageWithId answer)
    {
        if (_asked.TryRemove(answer.Id, out var asked))
        {
            asked.TrySetResult(answer);
        }
    }

    /// <summary>Says that nothing is answered any more.</summary>
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
            // Whatever it is, it is why there is no answer, and becomes a difference.
            asked.TrySetException(exception);
        }
    }
}
