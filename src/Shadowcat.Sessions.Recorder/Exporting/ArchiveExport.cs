using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>The archive: the only format that <c>import</c> reads, and that an interrupted export continues.</summary>
internal sealed class ArchiveExport : IExportFormat
{
    public string Name => "jsonl";

    public IReadOnlyList<string> Endings => [".jsonl"];

    public bool IsContinued => true;

    public string? WhyNot(Session session) => null;

    public async Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken)
    {
        var written = await store.ExportSessionAsync(session.Id, destination, progress.From<SessionArchiveProgress>(report => report.Frames), cancellationToken);
        return $"{written.Frames} frames, {written.Bytes} bytes";
    }
}
