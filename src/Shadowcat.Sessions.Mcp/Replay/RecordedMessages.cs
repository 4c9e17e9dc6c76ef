using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The messages of a recorded session in their order, without their payloads, which are read when they are needed.</summary>
internal sealed class RecordedMessages
{
    private static readonly JsonTypeInfo<JsonRpcMessage> Message = McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>();

    private readonly ISessionStore _store;
    private readonly SessionId _id;
    private readonly List<ReplayedMessage> _messages = [];
    private readonly Dictionary<int, int> _answers = [];

    private RecordedMessages(ISessionStore store, SessionId id)
    {
        _store = store;
        _id = id;
    }

    public int Count => _messages.Count;

    /// <summary>What they say about their server.</summary>
    public RecordedDiscovery Discovery { get; } = new();

    public ReplayedMessage this[int index] => _messages[index];

    /// <summary>Reads a session's frames once.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="id">The session.</param>
    /// <param name="from">The first frame that counts; of those before it the handshake does, too.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<RecordedMessages> ReadAsync(ISessionStore store, SessionId id, long from, CancellationToken cancellationToken)
    {
        var messages = new RecordedMessages(store, id);
        var unanswered = new Dictionary<(MessageDirection From, string? Exchange, RequestId Id), (int Place, string? Version)>();
        await foreach (var frame in store.GetFramesAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (frame.Direction != MessageDirection.Internal && frame.Kind != MessageKind.Unparsed && (frame.Sequence >= from || IsOfHandshake(frame, unanswered)))
            {
                var damage = Damage.Of(frame);
                UInt128? fingerprint = frame.Kind is not (MessageKind.Request or MessageKind.Notification) ? default(UInt128) : damage is null ? Fingerprint.Of(frame.Payload) : null;
                messages.PairAnswer(frame, unanswered);
                messages._messages.Add(new ReplayedMessage(frame.Sequence, frame.Direction, frame.Kind, frame.Method, frame.RequestId, fingerprint, damage));
            }
        }

        return messages;
    }

    /// <summary>The place of the answer to a request; null where there is none.</summary>
    public int? AnswerTo(int request) => _answers.TryGetValue(request, out var answer) ? answer : null;

    /// <summary>The bytes of a message.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PayloadAsync(int index, CancellationToken cancellationToken) =>
        (await _store.GetFramesAsync(_id, FrameRange.From(_messages[index].Sequence, 1), cancellationToken).SingleAsync(cancellationToken).ConfigureAwait(false)).Payload;

    /// <summary>A message as the SDK sends it.</summary>
    /// <remarks>An id that the SDK does not read, such as <c>1.0</c>, becomes a string: answers get the id of the actual request in any case.</remarks>
    /// <exception cref="JsonException">The SDK cannot read it: it was cut off, or is no valid MCP message.</exception>
    public async ValueTask<JsonRpcMessage> MessageAsync(int index, CancellationToken cancellationToken)
    {
        if (_messages[index].Damage is { } damage && Damage.IsNoMessage(damage))
        {
            throw new JsonException($"it was {damage} when it was recorded");
        }

        var payload = JsonText.WithoutMark(await PayloadAsync(index, cancellationToken).ConfigureAwait(false));
        if (_messages[index].Id is { } id && OddIds.IsOdd(id))
        {
            payload = OddIds.WithTextId(payload, id.Value);
        }

        return JsonSerializer.Deserialize(payload.Span, Message) ?? throw new JsonException("The message is null.");
    }

    /// <summary>Whether a frame shakes hands: the client's part by its method, the server's as the answer to it.</summary>
    private static bool IsOfHandshake(MessageEnvelope frame, Dictionary<(MessageDirection From, string? Exchange, RequestId Id), (int Place, string? Version)> unanswered) => frame.Direction == MessageDirection.ClientToServer
        ? frame.Method is RequestMethods.Initialize or RequestMethods.ServerDiscover or NotificationMethods.InitializedNotification
        : frame.Kind is MessageKind.Response or MessageKind.Error && frame.RequestId is { } id && unanswered.ContainsKey((MessageDirection.ClientToServer, frame.ExchangeId, id));

    /// <summary>An answer belongs to the last request of the other side before it with the same id and exchange. An answer that was not delivered does not count.</summary>
    private void PairAnswer(MessageEnvelope frame, Dictionary<(MessageDirection From, string? Exchange, RequestId Id), (int Place, string? Version)> unanswered)
    {
        if (frame.RequestId is not { } id || (frame.Kind != MessageKind.Request && (frame.Flags & MessageFlags.Undelivered) != 0))
        {
            return;
        }

        var other = frame.Direction == MessageDirection.ClientToServer ? MessageDirection.ServerToClient : MessageDirection.ClientToServer;
        if (frame.Kind == MessageKind.Request)
        {
            unanswered[(frame.Direction, frame.ExchangeId, id)] = (Count, frame.ProtocolVersion);
        }
        else if (unanswered.Remove((other, frame.ExchangeId, id), out var request))
        {
            _answers[request.Place] = Count;
            if (other == MessageDirection.ClientToServer && request.Version is { } version && _messages[request.Place].Method is { } method)
            {
                Discovery.Note(method, version, frame);
            }
        }
    }
}
