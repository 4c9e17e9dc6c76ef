using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Analysis;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>The spans of a recording that have begun and not ended, while its frames are read in their order.</summary>
internal sealed class OpenSpans(SessionSpans spans)
{
    private const string Unanswered = "unanswered";

    private readonly Calls _calls = new();
    private readonly Dictionary<Call, OtlpSpan> _spans = [];

    /// <summary>Adds the next frame.</summary>
    /// <returns>The spans that end with it.</returns>
    public IReadOnlyList<OtlpSpan> Add(MessageEnvelope frame)
    {
        var ended = _calls.Observe(frame);
        switch (frame)
        {
            case { Direction: MessageDirection.Internal } or { Kind: MessageKind.Unparsed }:
                return [.. ended.Select(call => EndWithout(call, frame))];
            case { Kind: MessageKind.Request, RequestId: not null }:
                _spans.Add(_calls.Ask(frame), spans.Of(frame));
                return [];
            case { Kind: MessageKind.Notification }:
                return [spans.Of(frame)];
            default:
                return _calls.Answer(frame) is { } answered ? [EndWith(answered, frame)] : [];
        }
    }

    /// <summary>Ends those that are left.</summary>
    /// <param name="at">When the recording ends.</param>
    public IEnumerable<OtlpSpan> End(DateTimeOffset at)
    {
        foreach (var call in _calls.Open.OrderBy(static call => call.Sequence))
        {
            var span = _spans[call];
            span.End(at, Unanswered);
            yield return span;
        }
    }

    private OtlpSpan EndWith(Call call, MessageEnvelope answer)
    {
        _spans.Remove(call, out var span);
        SessionSpans.End(span!, answer);
        return span!;
    }

    private OtlpSpan EndWithout(Call call, MessageEnvelope end)
    {
        _calls.Remove(call);
        _spans.Remove(call, out var span);
        span!.End(end.Timestamp, call.End == ExchangeEnd.Answered ? end.Metadata.GetValueOrDefault(HttpMessages.StatusKey, Unanswered) : call.End!);
        return span;
    }
}
