using Shadowcat.Sessions.Recorder.Recording;
using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Frames, one a row, with as much of each message as fits.</summary>
internal static class FrameTable
{
    private const string Message = "Message";
    private const string Method = "Method";
    private const string Kind = "Kind";
    private const int MinPreview = 20;
    private const int MinMethod = 16;

    private static readonly string[] Headers = ["#", "Time", "From", Kind, Method, "Id", "Bytes", Message];

    /// <summary>What a narrow screen does without, once messages do not fit.</summary>
    private static readonly string[] Dispensable = [Message, "Time", "Bytes", "Id"];

    /// <param name="frames">The frames; only what the table shows of them is held.</param>
    /// <param name="width">How wide the screen is, in cells.</param>
    /// <param name="title">What stands above the table.</param>
    public static async Task<IRenderable> OfAsync(IAsyncEnumerable<MessageEnvelope> frames, int width, string title)
    {
        List<string[]> rows = [];
        await foreach (var frame in frames)
        {
            rows.Add(Row(frame, width));
        }

        var columns = NarrowColumns.Choose(Headers, rows, [], Message, MinPreview, width, out var room);
        var elastic = Message;
        if (room < MinPreview)
        {
            elastic = Method;
            columns = NarrowColumns.Choose(Headers, rows, Dispensable, Method, MinMethod, width, out room);
        }

        var table = new Table().Border(TableBorder.Rounded).Title(new TableTitle(Markup.Escape(title)));
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Headers[column]) { Alignment = Headers[column] is "#" or "Bytes" ? Justify.Right : Justify.Left, NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow(columns.Select(column => new Text(Headers[column] == elastic ? SafeText.Cut(row[column], room) : row[column], Headers[column] == Kind ? StyleOf(row[column]) : Style.Plain)));
        }

        return table;
    }

    private static Style StyleOf(string kind) => kind.StartsWith(nameof(MessageKind.Error), StringComparison.Ordinal) ? new Style(Color.Red) : Style.Plain;

    /// <summary>What is shown of a frame: its sequence, its time, who sent it and so on, and its beginning, at least as much as fits into so many cells.</summary>
    public static string[] Row(MessageEnvelope frame, int width)
    {
        // Where messages do not fit, the status is seen all the same.
        var flags = RecordingText.Flags(frame);
        var kind = string.Join(' ', new[] { TransportText.IsEnd(frame) ? "End" : $"{frame.Kind}", frame.Metadata.GetValueOrDefault(HttpMessages.StatusKey) }.OfType<string>());
        var beside = string.Join(", ", new[] { RecordingText.Of(frame), TransportText.Of(frame) }.Where(text => text.Length > 0));
        return
        [
            $"{frame.Sequence}",
            $"{frame.Timestamp:HH:mm:ss.fff}",
            frame.Direction switch
            {
                MessageDirection.ClientToServer => "client",
                MessageDirection.ServerToClient => "server",
                _ => "",
            },
            SafeText.Of(flags.Length == 0 ? kind : $"{kind}, {flags}"),
            SafeText.Of(frame.Method),
            SafeText.Of($"{frame.RequestId}"),
            $"{frame.Payload.Length}",
            beside.Length == 0 ? SafeText.Of(frame.Payload.Span, width) : SafeText.Of($"({beside}) ") + SafeText.Of(frame.Payload.Span, width),
        ];
    }
}
