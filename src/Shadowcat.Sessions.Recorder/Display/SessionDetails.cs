using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>All that is known of one session; what is not known is left out.</summary>
internal static class SessionDetails
{
    public static IRenderable Of(Session session)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                grid.AddRow(new Text(name), new Text(SafeText.Of(value)));
            }
        }

        Row("Session", session.Id.Value);
        Row("Transport", $"{session.TransportType}, {session.Boundary}");
        Row("State", $"{session.State}, {session.Status}");
        Row("Close reason", session.CloseReason);
        Row("Client", session.ClientInfo?.Json);
        Row("Server", session.ServerInfo?.Json);
        Row("Version", session.VersionState?.Negotiated);
        Row("Attempts", Attempts(session.VersionState));
        Row("Created", Time(session.CreatedAt));
        Row("Last activity", Time(session.LastActivity));
        Row("Expires", Time(session.ExpiresAt));
        Row("Frames", $"{session.FrameCount}");
        Row("First kept", session.FirstSequence > 0 ? $"{session.FirstSequence}" : null);
        Row("Tags", $"{session.Tags}");
        return grid;
    }

    private static string Attempts(VersionState? versions) => string.Join(
        ", ", (versions?.Attempts ?? []).Select(attempt => $"{attempt.Requested} → {attempt.Answered ?? "not agreed"}"));

    private static string Time(DateTimeOffset time) => $"{time:yyyy-MM-dd HH:mm:ss.fff} UTC";
}
