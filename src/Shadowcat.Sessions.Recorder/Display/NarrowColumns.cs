using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Chooses the columns of a table that fit the screen: cells that are broken into pieces nobody reads.</summary>
internal static class NarrowColumns
{
    private const int FramePerColumn = 3;

    /// <summary>The places of the columns that are shown.</summary>
    /// <param name="headers">What stands above the columns.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="dispensable">The columns that can be done without, the most dispensable first.</param>
    /// <param name="elastic">The column whose cells may be cut.</param>
    /// <param name="minElastic">How wide it is at least, where its cells are as wide.</param>
    /// <param name="width">How wide the screen is, in cells.</param>
    /// <param name="elasticWidth">How wide it may be.</param>
    public static int[] Choose(
        string[] headers, IReadOnlyCollection<string[]> rows, string[] dispensable, string elastic, int minElastic, int width, out int elasticWidth)
    {
        var widths = headers.Select((header, column) => rows.Select(row => row[column]).Append(header).Max(cell => cell.GetCellWidth())).ToArray();
        for (var dropped = 0; ; dropped++)
        {
            var shown = Enumerable.Range(0, headers.Length).Where(column => !dispensable.Take(dropped).Contains(headers[column])).ToArray();
            var others = shown.Where(column => headers[column] != elastic).Sum(column => widths[column]) + (shown.Length * FramePerColumn) + 1;
            elasticWidth = width - others;
            var needed = shown.Where(column => headers[column] == elastic).Sum(column => Math.Min(widths[column], minElastic));
            if (needed <= elasticWidth || dropped == dispensable.Length)
            {
                elasticWidth = Math.Max(elasticWidth, 1);
                return shown;
            }
        }
    }
}
