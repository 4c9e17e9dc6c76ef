using System.Globalization;

namespace Shadowcat.Sessions.Inspector;

/// <summary>A time of a search: a moment, or how long ago.</summary>
internal static class SearchTime
{
    private const int MaxDigits = 6;
    private const int MinYear = 1971;
    private const int MaxYear = 9000;

    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <param name="term">The word.</param>
    /// <param name="now">What <c>1h</c> is counted from.</param>
    /// <param name="offset">The zone of whoever searches, for a moment that names none.</param>
    /// <exception cref="ProblemException">It is neither.</exception>
    public static DateTimeOffset Parse(SearchTerm term, DateTimeOffset now, TimeSpan offset)
    {
        if (AgoOf(term.Value) is { } ago)
        {
            return now - ago;
        }

        // No session is older than the time that computers count from.
        if (DateTime.TryParseExact(term.Value, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is >= MinYear and <= MaxYear)
        {
            return new DateTimeOffset(DateTime.SpecifyKind(local - offset, DateTimeKind.Utc));
        }

        return DateTimeOffset.TryParse(term.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year is >= MinYear and <= MaxYear
            ? moment
            : throw term.Mistake($"'{term.Field}:' takes how long ago, such as 30m, 1h or 2d, or a time such as 2026-11-30 or 2026-11-30T10:00; '{term.Value}' is neither.");
    }

    private static TimeSpan? AgoOf(string text)
    {
        if (text.Length is < 2 or > MaxDigits + 1 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' when count <= 100_000 => TimeSpan.FromDays(count),
            'w' when count <= 10_000 => TimeSpan.FromDays(7 * count),
            _ => null,
        };
    }
}
