using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Sessions, one a row.</summary>
internal static class SessionTable
{
    private const string Server = "Server";
    private const string State = "State";
    private const int MinServer = 8;

    private static readonly string[] Headers = ["Session", "Created", State, "Version", "Client", Server, "Frames", "Tags"];

    /// <summary>What a narrow screen does without; <c>show</c> has it.</summary>
    private static readonly string[] Dispensable = ["Tags", "Created", "Client", Server, "Version"];

    public static IRenderable Of(IEnumerable<Session> sessions, int width)
    {
        var rows = sessions.Select(Row).ToList();
        var columns = NarrowColumns.Choose(Headers, rows, Dispensable, Server, MinServer, width, out var room);
        var table = new Table().Border(TableBorder.Rounded).Title("Sessions");
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Headers[column]) { NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow(columns.Select(column => new Text(Headers[column] == Server ? SafeText.Cut(row[column], room) : row[column], Headers[column] == State ? StyleOf(row[column]) : Style.Plain)));
        }

        return table;
    }

    private static Style StyleOf(string state) => state switch
    {
        nameof(SessionStatus.Failed) or nameof(SessionStatus.TimedOut) => new Style(Color.Red),
        nameof(SessionState.Active) => new Style(Color.Green),
        _ => Style.Plain,
    };

    private static string[] Row(Session session) =>
    [
        session.Id.Value,
        $"{session.CreatedAt:yyyy-MM-dd HH:mm:ss}",
        session.IsClosed ? $"{session.Status}" : $"{session.State}",
        SafeText.Of(session.VersionState?.Negotiated),
        SafeText.Of(session.ClientInfo?.Name),
        SafeText.Of(session.ServerInfo?.Name),
        $"{session.FrameCount}",
        SafeText.Of($"{session.Tags}"),
    ];
}
