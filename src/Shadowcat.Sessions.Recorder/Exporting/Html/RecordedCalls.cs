using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>What a page has to know before it is written: which frames there are, and which of them answer which.</summary>
internal sealed class RecordedCalls
{
    private readonly PendingCalls<RecordedCall> _pending = new();
    private readonly Dictionary<long, RecordedCall> _bySequence = [];

    /// <summary>The frames that were read.</summary>
    public FrameRange Range { get; private set; } = FrameRange.From(0, 0);

    public long Frames { get; private set; }

    public int Requests { get; private set; }

    /// <summary>Requests that failed or were not answered.</summary>
    public int Failures => _bySequence.Where(call => call.Key == call.Value.Sequence).Count(call => call.Value.Failure is not null);

    public DateTimeOffset? Began { get; private set; }

    public DateTimeOffset? Ended { get; private set; }

    /// <summary>Reads the frames of a session once. No payload is kept.</summary>
    public static async Task<RecordedCalls> ReadAsync(IAsyncEnumerable<MessageEnvelope> frames)
    {
        var calls = new RecordedCalls();
        await foreach (var frame in frames)
        {
            calls.Add(frame);
        }

        return calls;
    }

    /// <summary>The call that a frame asks for or ends; null for any other frame.</summary>
    public RecordedCall? Of(MessageEnvelope frame) => _bySequence.GetValueOrDefault(frame.Sequence);

    private void Add(MessageEnvelope frame)
    {
        Range = FrameRange.From(Range.Count == 0 ? frame.Sequence : Range.Start!.Value, ++Frames);
        Began ??= frame.Timestamp;
        Ended = frame.Timestamp;
        if (frame is { Kind: MessageKind.Request, RequestId: { } id })
        {
            Requests++;
            var call = _bySequence[frame.Sequence] = new RecordedCall(frame, MessageDetails.Read(frame).Target);
            _pending.Ask(frame, id, call);
        }
        else if (frame.Kind is MessageKind.Response or MessageKind.Error && _pending.Answer(frame) is { } answered)
        {
            End(answered, frame, FailureOf(frame));
        }
        else
        {
            foreach (var unanswered in _pending.End(frame))
            {
                var how = frame.Metadata[ExchangeEnd.Key];
                End(unanswered, frame, how == ExchangeEnd.Answered ? $"HTTP {frame.Metadata.GetValueOrDefault(HttpMessages.StatusKey, "?")}" : how);
            }
        }
    }

    private void End(RecordedCall call, MessageEnvelope end, string? failure)
    {
        call.End(end, failure);
        _bySequence[end.Sequence] = call;
    }

    private static string? FailureOf(MessageEnvelope answer)
    {
        var details = MessageDetails.Read(answer);
        return answer.Kind == MessageKind.Error ? $"error {details.ErrorCode}".TrimEnd() : details.IsToolError ? "tool error" : null;
    }
}
