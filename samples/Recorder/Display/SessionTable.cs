using Shadowcat.Sessions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Recorder.Display;

/// <summary>Sessions, one a row.</summary>
internal static class SessionTable
{
    private const int WidthForAll = 120;

    /// <summary>What a narrow screen does without; <c>show</c> tells it.</summary>
    private static readonly string[] Dispensable = ["Created", "Client", "Tags"];

    public static IRenderable Of(IEnumerable<Session> sessions, int width)
    {
        (string Header, Func<Session, string?> Cell)[] all =
        [
            ("Session", session => session.Id.Value),
            ("Created", session => $"{session.CreatedAt:yyyy-MM-dd HH:mm:ss}"),
            ("State", session => $"{session.State}, {session.Status}"),
            ("Version", session => session.VersionState?.Negotiated),
            ("Client", session => session.ClientInfo?.Name),
            ("Server", session => session.ServerInfo?.Name),
            ("Frames", session => $"{session.FrameCount}"),
            ("Tags", session => $"{session.Tags}"),
        ];
        var columns = all.Where(column => width >= WidthForAll || !Dispensable.Contains(column.Header)).ToArray();
        var table = new Table().Border(TableBorder.Rounded).Title("Sessions");
        foreach (var (header, _) in columns)
        {
            table.AddColumn(new TableColumn(header) { NoWrap = header is "Session" or "Frames" });
        }

        foreach (var session in sessions)
        {
            table.AddRow(columns.Select(column => new Text(SafeText.Of(column.Cell(session)))));
        }

        return table;
    }
}
