namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>The messages of a recording without their payloads, each answer with its request.</summary>
internal sealed class RecordingDigest
{
    private const string Unparsed = "(no JSON-RPC)";
    private const string Unasked = "(answer to no request)";
    private const string WithheldKey = "recording.withheld";

    private readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal);
    private readonly List<MessageDigest> _messages = [];

    /// <summary>Requests, notifications, and what is neither nor answers one, in their order.</summary>
    public IReadOnlyList<MessageDigest> Messages => _messages;

    /// <summary>Reads a recording once.</summary>
    public static async Task<RecordingDigest> ReadAsync(IAsyncEnumerable<MessageEnvelope> frames, MessageHash hash, CancellationToken cancellationToken)
    {
        var digest = new RecordingDigest();
        var calls = new Calls();
        var asked = new Dictionary<long, MessageDigest>();
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            if (frame.Direction != MessageDirection.Internal)
            {
                digest.Add(frame, hash.Of(frame), calls, asked);
            }
        }

        return digest;
    }

    private void Add(MessageEnvelope frame, UInt128 hash, Calls calls, Dictionary<long, MessageDigest> asked)
    {
        switch (frame.Kind)
        {
            case MessageKind.Request when frame is { RequestId: not null, Method: not null }:
                var request = Digest(frame, calls.Ask(frame).Title, hash);
                asked[frame.Sequence] = request;
                _messages.Add(request);
                break;
            case MessageKind.Response or MessageKind.Error when calls.Answer(frame) is { } answered:
                asked.Remove(answered.Sequence, out var question);
                question!.Answer = Digest(frame, question.Title, hash);
                break;
            case MessageKind.Response or MessageKind.Error:
                _messages.Add(Digest(frame, Unasked, hash));
                break;
            case MessageKind.Unparsed when frame.Payload.IsEmpty:
                // The end of an exchange, which is no message.
                foreach (var call in calls.Observe(frame))
                {
                    asked[call.Sequence].Status = call.EndStatus;
                }

                break;
            default:
                _messages.Add(Digest(frame, frame.Method ?? Unparsed, hash));
                break;
        }
    }

    private MessageDigest Digest(MessageEnvelope frame, string title, UInt128 hash)
    {
        // One text for all messages of a method: there are many.
        if (!_titles.TryGetValue(title, out var known))
        {
            _titles[title] = known = title;
        }

        return new MessageDigest(
            frame.Sequence, frame.Direction, frame.Kind, known, hash, (frame.Flags & MessageFlags.Truncated) == 0 && !frame.Metadata.ContainsKey(WithheldKey));
    }
}
