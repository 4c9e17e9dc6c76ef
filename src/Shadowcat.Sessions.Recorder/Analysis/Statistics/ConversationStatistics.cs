namespace Shadowcat.Sessions.Recorder.Analysis.Statistics;

/// <summary>Counts what was said in conversations, method by method, in one pass over their frames.</summary>
internal sealed class ConversationStatistics
{
    /// <summary>Beyond it methods are counted together: a peer may make up any number of names.</summary>
    private const int MaxMethods = 1000;

    /// <summary>What those are called.</summary>
    private const string Others = "(others)";

    private readonly Dictionary<CountedMethod, MethodStatistics> _methods = [];

    public int Sessions { get; private set; }

    public long Frames { get; private set; }

    /// <summary>The bytes of all frames.</summary>
    public long Bytes { get; private set; }

    /// <summary>The methods, those with the most calls first; notifications come last.</summary>
    public IReadOnlyList<(CountedMethod Key, MethodStatistics Figures)> Methods =>
    [
        .. _methods.Select(static method => (method.Key, method.Value))
            .OrderBy(static method => method.Key.IsNotification)
            .ThenByDescending(static method => method.Value.Calls)
            .ThenBy(static method => method.Key.Title, StringComparer.Ordinal),
    ];

    /// <summary>Counts a conversation.</summary>
    public async Task AddAsync(IAsyncEnumerable<MessageEnvelope> frames, CancellationToken cancellationToken)
    {
        Sessions++;
        var calls = new Calls();
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            Frames++;
            Bytes += RecordedLength.Of(frame);
            Observe(frame, calls);
        }
    }

    private void Observe(MessageEnvelope frame, Calls calls)
    {
        // What a recorder notes for itself is said by neither peer.
        if (frame.Direction == MessageDirection.Internal)
        {
            return;
        }

        switch (frame.Kind)
        {
            case MessageKind.Request when frame is { RequestId: not null, Method: not null }:
                var asked = calls.Ask(frame);
                Of(KeyOf(asked)).Ask(asked.Bytes);
                break;
            case MessageKind.Notification when frame.Method is { } method:
                Of(new CountedMethod(frame.Direction, method, Tool: null, IsNotification: true)).Ask(RecordedLength.Of(frame));
                break;
            case MessageKind.Response or MessageKind.Error when calls.Answer(frame) is { } answered:
                Of(KeyOf(answered)).Answer(answered, frame, frame.Kind == MessageKind.Error || HasToolFailed(answered, frame));
                break;
        }
    }

    private static CountedMethod KeyOf(Call call) => new(call.From, call.Method, IsTool(call) ? call.Subject : null, IsNotification: false);

    private static bool IsTool(Call call) => call.Method == "tools/call";

    private static bool HasToolFailed(Call call, MessageEnvelope answer) => IsTool(call) && MessageFields.IsTrue(answer.Payload.Span, "result"u8, "isError"u8);

    private MethodStatistics Of(CountedMethod key)
    {
        if (!_methods.TryGetValue(key, out var method))
        {
            key = _methods.Count < MaxMethods ? key : key with { Method = Others, Tool = null };
            if (!_methods.TryGetValue(key, out method))
            {
                _methods[key] = method = new MethodStatistics { IsNotification = key.IsNotification };
            }
        }

        return method;
    }
}
