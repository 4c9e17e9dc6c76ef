using System.Globalization;
using System.Security;
using System.Text;

namespace Shadowcat.Sessions.Benchmarks.Reporting;

/// <summary>The picture of the front page: what people use today, by its name, and how many times as fast this library is. Text is text, so that it can be read aloud and searched.</summary>
internal static class ComparisonPicture
{
    private const int Width = 900;
    private const int Left = 430;
    private const int Right = 840;
    private const int RowHeight = 26;
    private const int HeadHeight = 34;
    private const int Top = 84;
    private const double Least = -1;
    private const double Most = 4;

    private static readonly (string Head, (string Row, string Against)[] Bars)[] Groups =
    [
        ("Append a message, 64 callers",
        [
            ("append.vs-multi", "a MULTI of five commands by hand"),
            ("append.vs-mcp", "the MCP SDK's event store on Redis"),
            ("append.vs-json100", "a JSON value of 100 messages, rewritten"),
            ("append.vs-json1000", "a JSON value of 1000 messages, rewritten"),
        ]),
        ("Read a session, 64 callers",
        [
            ("get.vs-rediscache", "RedisCache (IDistributedCache)"),
            ("get.cached.vs-fusioncache", "FusionCache, both from memory"),
            ("get.cached", "HybridCache, both from memory"),
        ]),
        ("Update a session, 64 callers", [("update.vs-rediscache", "RedisCache, which compares nothing")]),
        ("List 100 000 sessions", [("list.100k", "one HGETALL after the other")]),
        ("Resume a stream, 1000 events", [("events.replay.1000", "the MCP SDK's event store on Redis")]),
        ("Wake a waiting client", [("events.wake-up", "the MCP SDK's event store, which polls")]),
    ];

    /// <summary>Draws it.</summary>
    /// <exception cref="InvalidDataException">A row is missing.</exception>
    public static string Draw(IReadOnlyList<ResultJson.JsonRow> results)
    {
        var height = Top + Groups.Sum(static group => HeadHeight + (RowHeight * group.Bars.Length)) + 24;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="14">
            <title>How many times as fast Shadowcat.Sessions is as what people use today</title>
            <rect width="{Width}" height="{height}" rx="8" fill="#ffffff"/>
            <text x="24" y="36" font-size="19" font-weight="600" fill="#1f2328">How many times as fast as what people use today</text>
            <text x="24" y="58" fill="#59636e">Right of the line, Shadowcat.Sessions is faster. Median of alternating rounds; the scale is logarithmic.</text>

            """);
        var y = Top;
        foreach (var (head, bars) in Groups)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"24\" y=\"{y + 22}\" font-weight=\"600\" fill=\"#1f2328\">{SecurityElement.Escape(head)}</text>\n");
            y += HeadHeight;
            foreach (var (name, against) in bars)
            {
                Bar(svg, results.FirstOrDefault(result => result.Name == name)?.Ratio ?? throw new InvalidDataException($"The results have no row {name}."), name, against, y);
                y += RowHeight;
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(1):0.#}\" x2=\"{X(1):0.#}\" y1=\"{Top}\" y2=\"{y + 4}\" stroke=\"#59636e\"/>\n</svg>\n");
        return svg.ToString().ReplaceLineEndings("\n");
    }

    private static void Bar(StringBuilder svg, double ratio, string name, string against, int y)
    {
        var (from, to) = (Math.Min(X(1), X(ratio)), Math.Max(X(1), X(ratio)));
        var color = ratio >= 1 ? "#1a7f64" : "#b3541e";
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"36\" y=\"{y + 15}\" fill=\"#1f2328\">{SecurityElement.Escape(against)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{from:0.#}\" y=\"{y + 2}\" width=\"{to - from:0.#}\" height=\"18\" rx=\"2\" fill=\"{color}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{to + 8:0.#}\" y=\"{y + 16}\" font-weight=\"600\" fill=\"{color}\" data-row=\"{name}\">{Text(ratio)}×</text>\n");
    }

    private static double X(double ratio) => Left + ((Right - Left) * (Math.Log10(ratio) - Least) / (Most - Least));

    /// <summary>Two digits that count below a hundred, and whole numbers above.</summary>
    private static string Text(double ratio) =>
        ratio.ToString(ratio >= 100 ? "N0" : ratio >= 10 ? "0" : ratio >= 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
