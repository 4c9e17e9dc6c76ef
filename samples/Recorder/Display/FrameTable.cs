using Recorder.Recording;
using Shadowcat.Sessions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Recorder.Display;

/// <summary>Frames, one a row, with as much of each message as there is room for.</summary>
internal static class FrameTable
{
    private const int MinPreview = 20;
    private const int FramePerColumn = 3;

    private static readonly string[] Headers = ["#", "Time", "From", "Kind", "Method", "Id", "Bytes", "Message"];

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

        var preview = width - WidthWithoutPreview(rows);
        var columns = preview >= MinPreview ? Headers.Length : Headers.Length - 1;
        var table = new Table().Border(TableBorder.Rounded).Title(new TableTitle(Markup.Escape(title)));
        foreach (var header in Headers.Take(columns))
        {
            table.AddColumn(new TableColumn(header) { Alignment = header is "#" or "Bytes" ? Justify.Right : Justify.Left, NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow(row[..columns].Select((cell, column) => new Text(column == Headers.Length - 1 ? SafeText.Cut(cell, preview) : cell)));
        }

        return table;
    }

    /// <summary>What is shown of a frame: its sequence, its time, who sent it and so on, and its beginning, at least as much as fits into so many cells.</summary>
    public static string[] Row(MessageEnvelope frame, int width)
    {
        // Where there is no room for messages, the status is seen all the same.
        var kind = string.Join(' ', new[] { TransportText.IsEnd(frame) ? "End" : $"{frame.Kind}", frame.Metadata.GetValueOrDefault(HttpMessages.StatusKey) }.OfType<string>());
        var transport = TransportText.Of(frame);
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
            SafeText.Of(frame.Flags == MessageFlags.None ? kind : $"{kind}, {frame.Flags}"),
            SafeText.Of(frame.Method),
            SafeText.Of($"{frame.RequestId}"),
            $"{frame.Payload.Length}",
            transport.Length == 0 ? SafeText.Of(frame.Payload.Span, width) : SafeText.Of($"({transport}) ") + SafeText.Of(frame.Payload.Span, width),
        ];
    }

    private static int WidthWithoutPreview(List<string[]> rows) =>
        Headers.SkipLast(1).Select((header, column) => rows.Append(Headers).Max(row => row[column].GetCellWidth())).Sum()
        + (Headers.Length * FramePerColumn) + 1;
}
