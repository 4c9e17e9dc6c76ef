using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Analysis;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Exporting.Har;

/// <summary>The exchanges of a recording in the order in which they began.</summary>
internal sealed class HarExchanges
{
    private readonly List<HarExchange> _all = [];
    private readonly Dictionary<string, HarExchange> _byId = new(StringComparer.Ordinal);
    private readonly Calls _calls = new();
    private readonly Dictionary<Call, HarExchange> _asked = [];

    /// <summary>Answers of the client's whose receipt was not seen yet: they have the exchange of what they answer, and their receipts have their own.</summary>
    private readonly Queue<HarExchange> _withoutReceipt = new();
    private HarExchange? _unnamed;

    public IReadOnlyList<HarExchange> All => _all;

    public long Frames { get; private set; }

    /// <summary>Reads the frames of a session once. No payload is kept.</summary>
    public static async Task<HarExchanges> ReadAsync(IAsyncEnumerable<MessageEnvelope> frames)
    {
        var exchanges = new HarExchanges();
        await foreach (var frame in frames)
        {
            exchanges.Frames++;
            exchanges.Of(frame).Add(frame);
        }

        return exchanges;
    }

    private HarExchange Of(MessageEnvelope frame)
    {
        if (frame is { Direction: MessageDirection.ClientToServer, Kind: MessageKind.Response or MessageKind.Error })
        {
            // A request of its own, whatever it answers.
            var answer = Begin();
            _withoutReceipt.Enqueue(answer);
            return answer;
        }

        if (frame.ExchangeId is not { } id)
        {
            return OfUnnamed(frame);
        }

        if (!_byId.TryGetValue(id, out var exchange))
        {
            exchange = _byId[id] = IsReceipt(frame) && _withoutReceipt.TryDequeue(out var answered) ? answered : Begin();
        }
        else if (frame.Direction == MessageDirection.ClientToServer)
        {
            // What a client says is the first of an exchange.
            exchange = _byId[id] = Begin();
        }

        return exchange;
    }

    /// <summary>Whether a frame ends a POST of which nothing else is recorded.</summary>
    private static bool IsReceipt(MessageEnvelope frame) => frame.Metadata.ContainsKey(ExchangeEnd.Key) && frame.Metadata.GetValueOrDefault(HttpMessages.MethodKey) == "POST";

    /// <summary>Where nobody said which frames are of one exchange: an answer is of that of its request, and what else the server says comes on one stream.</summary>
    private HarExchange OfUnnamed(MessageEnvelope frame)
    {
        if (frame.Direction != MessageDirection.ClientToServer)
        {
            return frame.Kind is MessageKind.Response or MessageKind.Error && _calls.Answer(frame) is { } answered && _asked.Remove(answered, out var asked) ? asked : _unnamed ??= Begin();
        }

        var exchange = Begin();
        if (frame is { Kind: MessageKind.Request, RequestId: not null })
        {
            _asked.Add(_calls.Ask(frame), exchange);
        }

        return exchange;
    }

    private HarExchange Begin()
    {
        var exchange = new HarExchange();
        _all.Add(exchange);
        return exchange;
    }
}
