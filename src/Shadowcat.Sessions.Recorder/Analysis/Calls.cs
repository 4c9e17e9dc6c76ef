using System.Globalization;
using System.Text;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>The requests of a conversation that are not answered yet. Holds those alone, whatever the recording is long.</summary>
internal sealed class Calls
{
    private const string Cancelled = "notifications/cancelled";

    private readonly Dictionary<(MessageDirection From, RequestId Id, string? Exchange), Call> _open = [];
    private readonly Dictionary<(MessageDirection From, RequestId Id), HashSet<Call>> _byId = [];
    private readonly Dictionary<string, HashSet<Call>> _byExchange = new(StringComparer.Ordinal);

    /// <summary>Those that are open, in no order.</summary>
    public IEnumerable<Call> Open => _byId.Values.SelectMany(static calls => calls);

    /// <summary>Notes a request.</summary>
    public Call Ask(MessageEnvelope request)
    {
        var call = new Call(request);
        call.Earlier = _open.GetValueOrDefault((call.From, call.Id, call.ExchangeId));
        _open[(call.From, call.Id, call.ExchangeId)] = call;
        Add(_byId, (call.From, call.Id), call);
        if (call.ExchangeId is { } exchange)
        {
            Add(_byExchange, exchange, call);
        }

        return call;
    }

    /// <summary>The request that a message answers, which is open no more: the last of its id and exchange; else the only one of its id. Null where there is none.</summary>
    public Call? Answer(MessageEnvelope answer)
    {
        if (answer.RequestId is not { } id || Find(Other(answer.Direction), id, answer.ExchangeId) is not { } call)
        {
            return null;
        }

        Remove(call);
        return call;
    }

    /// <summary>Another request of the same side with the same id that still waits for its answer; null for none.</summary>
    public Call? OtherOpen(Call call) => _byId.TryGetValue((call.From, call.Id), out var calls) && calls.Count > 1
        ? calls.FirstOrDefault(other => other != call && other is { End: null, CancelledAt: null })
        : null;

    /// <summary>Notes what a frame says of the end of requests: that they are cancelled, or that their exchange ended without an answer.</summary>
    /// <returns>The requests whose exchange ended.</returns>
    public IReadOnlyList<Call> Observe(MessageEnvelope frame)
    {
        if (frame is { Kind: MessageKind.Notification, Method: Cancelled } && MessageFields.Id(frame.Payload.Span, "params"u8, "requestId"u8) is { } cancelled)
        {
            if (Find(frame.Direction, cancelled, frame.ExchangeId) is { } call)
            {
                call.CancelledAt ??= frame.Sequence;
            }

            return [];
        }

        if (!frame.Metadata.TryGetValue(ExchangeEnd.Key, out var how))
        {
            return [];
        }

        var ended = Ended(frame);
        foreach (var call in ended)
        {
            call.End = how;
            call.EndedBy = frame.Metadata.GetValueOrDefault(ExchangeEnd.ByKey);
            call.EndStatus = int.TryParse(frame.Metadata.GetValueOrDefault(HttpMessages.StatusKey), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
        }

        return ended;
    }

    /// <summary>Takes a request for settled.</summary>
    public void Remove(Call call)
    {
        Unlink(call);
        Remove(_byId, (call.From, call.Id), call);
        if (call.ExchangeId is { } exchange)
        {
            Remove(_byExchange, exchange, call);
        }
    }

    /// <summary>The other side.</summary>
    public static MessageDirection Other(MessageDirection side) => side == MessageDirection.ClientToServer ? MessageDirection.ServerToClient : MessageDirection.ClientToServer;

    /// <summary>A recorder names the request in a notification of its own, or only its exchange.</summary>
    private List<Call> Ended(MessageEnvelope frame)
    {
        if (frame.Direction == MessageDirection.Internal && MessageFields.Text(frame.Payload.Span, "params"u8, "id"u8) is { } text)
        {
            List<RequestId> ids = [RequestId.FromString(text)];
            if (RequestId.TryParseNumber(Encoding.UTF8.GetBytes(text), out var number))
            {
                ids.Add(number);
            }

            return [.. ids.Select(id => Find(MessageDirection.ClientToServer, id, frame.ExchangeId)).OfType<Call>()];
        }

        // A client may answer a request of the server's after that, over another connection.
        return frame.ExchangeId is { } exchange && _byExchange.TryGetValue(exchange, out var calls) ? [.. calls.Where(static call => call.From == MessageDirection.ClientToServer)] : [];
    }

    private void Unlink(Call call)
    {
        var key = (call.From, call.Id, call.ExchangeId);
        var later = _open.GetValueOrDefault(key);
        if (later == call)
        {
            if (call.Earlier is { } earlier)
            {
                _open[key] = earlier;
            }
            else
            {
                _open.Remove(key);
            }

            return;
        }

        while (later is not null && later.Earlier != call)
        {
            later = later.Earlier;
        }

        later?.Earlier = call.Earlier;
    }

    private Call? Find(MessageDirection from, RequestId id, string? exchange) =>
        _open.GetValueOrDefault((from, id, exchange)) ?? (_byId.TryGetValue((from, id), out var calls) && calls.Count == 1 ? calls.First() : null);

    private static void Add<TKey>(Dictionary<TKey, HashSet<Call>> index, TKey key, Call call)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var calls))
        {
            index[key] = calls = [];
        }

        calls.Add(call);
    }

    private static void Remove<TKey>(Dictionary<TKey, HashSet<Call>> index, TKey key, Call call)
        where TKey : notnull
    {
        if (index.TryGetValue(key, out var calls) && calls.Remove(call) && calls.Count == 0)
        {
            index.Remove(key);
        }
    }
}
