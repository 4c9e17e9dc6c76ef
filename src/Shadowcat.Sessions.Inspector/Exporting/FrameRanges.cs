using System.Globalization;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Reads which frames of a session are chosen, such as <c>3-9,12</c>.</summary>
internal static class FrameRanges
{
    private const int MaxRanges = 10_000;

    /// <exception cref="ProblemException">It is something else, or not in order.</exception>
    public static IReadOnlyList<FrameRange> Parse(string text)
    {
        var ranges = new List<FrameRange>();
        var behind = 0L;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-', 2);
            if (ranges.Count == MaxRanges || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || first < behind || last < first)
            {
                throw Problem.BadRequest("The frames are not understood", $"'frames' has at most {MaxRanges} numbers or ranges in ascending order, such as 3-9,12; '{part}' does not fit.");
            }

            ranges.Add(FrameRange.From(first, last - first + 1));
            behind = last + 1;
        }

        return ranges;
    }

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= QueryNumbers.MaxSequence;
}
