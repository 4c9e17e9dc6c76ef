using System.Globalization;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Times in JSON: RFC 3339, always with an offset, for a time without one is another one on every machine.</summary>
internal static class JsonTime
{
    /// <summary>Of a session, in milliseconds.</summary>
    public const string OfSession = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Of a frame, in 100 ns.</summary>
    public const string OfFrame = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private const int DateLength = 10;
    private const int OffsetLength = 6;

    public static string Text(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">It is no such time.</exception>
    public static DateTimeOffset Read(ref Utf8JsonReader reader, string name)
    {
        var text = JsonValues.Text(ref reader, name);
        return reader.TryGetDateTimeOffset(out var time) && text.Length > DateLength && (text[^1] == 'Z' || text[^OffsetLength] is '+' or '-')
            ? time
            : throw new FormatException($"'{name}' is no time with an offset, such as 2026-03-04T05:06:07.089Z");
    }
}
