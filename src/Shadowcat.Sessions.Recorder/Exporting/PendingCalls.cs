using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>The requests of a recording that were not answered yet, while its frames are read in their order.</summary>
/// <remarks>An answer belongs to the last request of the other side before it that has its id and its exchange: the recorder gave it the exchange of its request.</remarks>
/// <typeparam name="TCall">What is kept of a request.</typeparam>
internal sealed class PendingCalls<TCall>
    where TCall : class
{
    private readonly Dictionary<string, Dictionary<(MessageDirection From, RequestId Id), TCall>> _byExchange = new(StringComparer.Ordinal);

    /// <summary>All that were not answered.</summary>
    public IEnumerable<TCall> All => _byExchange.Values.SelectMany(calls => calls.Values);

    /// <summary>Adds a request.</summary>
    /// <returns>The earlier request with the same id that this one takes the place of; null for none.</returns>
    public TCall? Ask(MessageEnvelope request, RequestId id, TCall call)
    {
        if (!_byExchange.TryGetValue(ExchangeOf(request), out var calls))
        {
            calls = _byExchange[ExchangeOf(request)] = [];
        }

        calls.Remove((request.Direction, id), out var replaced);
        calls[(request.Direction, id)] = call;
        return replaced;
    }

    /// <summary>Removes the request of an answer.</summary>
    /// <returns>The request; null where there is none.</returns>
    public TCall? Answer(MessageEnvelope answer)
    {
        var from = answer.Direction == MessageDirection.ClientToServer ? MessageDirection.ServerToClient : MessageDirection.ClientToServer;
        return answer.RequestId is { } id ? Remove(ExchangeOf(answer), from, id) : null;
    }

    /// <summary>Removes what the client asked in an exchange that ended without an answer.</summary>
    /// <param name="end">The frame that says so.</param>
    public IReadOnlyList<TCall> End(MessageEnvelope end)
    {
        if (end.ExchangeId is not { } exchange || !end.Metadata.ContainsKey(ExchangeEnd.Key) || !_byExchange.TryGetValue(exchange, out var calls))
        {
            return [];
        }

        // A client may answer a request of the server's after that, over another connection.
        return [.. calls.Keys.Where(key => key.From == MessageDirection.ClientToServer).ToList().Select(key => Remove(exchange, key.From, key.Id)).OfType<TCall>()];
    }

    private TCall? Remove(string exchange, MessageDirection from, RequestId id)
    {
        if (!_byExchange.TryGetValue(exchange, out var calls) || !calls.Remove((from, id), out var call))
        {
            return null;
        }

        if (calls.Count == 0)
        {
            _byExchange.Remove(exchange);
        }

        return call;
    }

    private static string ExchangeOf(MessageEnvelope frame) => frame.ExchangeId ?? "";
}
