using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>Spans in OTLP/JSON: one for the session, and one in it for each request and notification. Payloads are not in them.</summary>
/// <remarks>The frames are read once. Only the spans of unanswered requests are held.</remarks>
internal sealed class OtlpExport : IExportFormat
{
    public string Name => "otlp";

    public IReadOnlyList<string> Endings => [];

    public bool IsContinued => false;

    public string? WhyNot(Session session) => null;

    public async Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken)
    {
        var ids = new TraceIds(session.Id);
        var spans = new SessionSpans(session, ids);
        var lines = new SpanLines(session, ids.TraceId, destination);
        var open = new OpenSpans(spans);
        var frames = 0L;
        var last = session.CreatedAt;
        await foreach (var frame in store.GetFramesAsync(session.Id, cancellationToken: cancellationToken))
        {
            frames++;
            last = frame.Timestamp;
            spans.Note(frame);
            foreach (var ended in open.Add(frame))
            {
                await lines.AddAsync(ended, cancellationToken);
            }
        }

        foreach (var unanswered in open.End(last))
        {
            await lines.AddAsync(unanswered, cancellationToken);
        }

        await lines.AddAsync(spans.Root(), cancellationToken);
        await lines.FlushAsync(cancellationToken);
        return $"{lines.Written} spans of {frames} frames";
    }
}
