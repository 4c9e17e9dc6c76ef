using Shadowcat.Sessions.Inspector;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>A page of its own that anybody can open from disk: what <c>inspect</c> shows of the session, with its frames inside.</summary>
internal sealed class HtmlExport : IExportFormat
{
    public string Name => "html";

    public IReadOnlyList<string> Endings => [".html", ".htm"];

    public bool IsContinued => false;

    public string? WhyNot(Session session) => null;

    public async Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken) =>
        $"{await RecordingPage.WriteAsync(store, session.Id, destination, cancellationToken)} frames";
}
