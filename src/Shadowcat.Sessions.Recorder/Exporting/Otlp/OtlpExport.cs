using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>Spans in OTLP/JSON: one for the session, and one in it for each request and notification. Payloads are not in them.</summary>
/// <remarks>The frames are read once. Only the spans of unanswered requests are held.</remarks>
internal sealed class OtlpExport : IExportFormat
{
    private const string Unanswered = "unanswered";

    public string Name => "otlp";

    public IReadOnlyList<string> Endings => [];

    public bool IsContinued => false;

    public string? WhyNot(Session session) => null;

    public async Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken)
    {
        var ids = new TraceIds(session.Id);
        var spans = new SessionSpans(session, ids);
        var lines = new SpanLines(session, ids.TraceId, destination);
        var pending = new PendingCalls<OtlpSpan>();
        var frames = 0L;
        var last = session.CreatedAt;
        await foreach (var frame in store.GetFramesAsync(session.Id, cancellationToken: cancellationToken))
        {
            frames++;
            last = frame.Timestamp;
            spans.Note(frame);
            foreach (var ended in Ended(frame, spans, pending))
            {
                await lines.AddAsync(ended, cancellationToken);
            }
        }

        foreach (var unanswered in pending.All)
        {
            unanswered.End(last, Unanswered);
            await lines.AddAsync(unanswered, cancellationToken);
        }

        await lines.AddAsync(spans.Root(), cancellationToken);
        await lines.FlushAsync(cancellationToken);
        return $"{lines.Written} spans of {frames} frames";
    }

    /// <summary>The spans that end with a frame.</summary>
    private static IEnumerable<OtlpSpan> Ended(MessageEnvelope frame, SessionSpans spans, PendingCalls<OtlpSpan> pending)
    {
        switch (frame)
        {
            case { Direction: MessageDirection.Internal } or { Kind: MessageKind.Unparsed }:
                return EndedWithout(frame, pending);
            case { Kind: MessageKind.Request, RequestId: { } id }:
                var replaced = pending.Ask(frame, id, spans.Of(frame));
                replaced?.End(frame.Timestamp, Unanswered);
                return replaced is null ? [] : [replaced];
            case { Kind: MessageKind.Notification }:
                return [spans.Of(frame)];
            default:
                if (pending.Answer(frame) is not { } answered)
                {
                    return [];
                }

                SessionSpans.End(answered, frame);
                return [answered];
        }
    }

    private static IEnumerable<OtlpSpan> EndedWithout(MessageEnvelope end, PendingCalls<OtlpSpan> pending)
    {
        var spans = pending.End(end);
        foreach (var span in spans)
        {
            var how = end.Metadata[ExchangeEnd.Key];
            span.End(end.Timestamp, how == ExchangeEnd.Answered ? end.Metadata.GetValueOrDefault(HttpMessages.StatusKey, Unanswered) : how);
        }

        return spans;
    }
}
