using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Shadowcat.Sessions;

/// <summary>Decides how a payload stands in JSON, so that its bytes come back as they are and a person can read it where that is possible.</summary>
/// <remarks>
/// What is a JSON object or array, with nothing around it and no line break in it, stands there as it is, byte by byte. Any other text is a string of it. What is no
/// UTF-8, or would grow by more than half, is base64.
/// </remarks>
internal static class JsonPayload
{
    /// <summary>How deep a payload may be nested that stands in an object as it is: readers of JSON take 64 levels.</summary>
    public const int MaxDepth = 63;

    /// <summary>What RFC 8785 escapes.</summary>
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    /// <summary>The first byte that has to be escaped in a string; -1 where there is none.</summary>
    public static int IndexOfEscaped(ReadOnlySpan<byte> utf8) => utf8.IndexOfAny(Escaped);

    /// <summary>What stands for such a byte.</summary>
    public static string Escape(byte octet) => octet switch
    {
        (byte)'"' => "\\\"",
        (byte)'\\' => "\\\\",
        (byte)'\b' => "\\b",
        (byte)'\t' => "\\t",
        (byte)'\n' => "\\n",
        (byte)'\f' => "\\f",
        (byte)'\r' => "\\r",
        _ => $"\\u{(int)octet:x4}",
    };

    /// <summary>How a payload stands in an object.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="maxDepth">How deep it may be nested to stand there as it is; none does where that is 0 or less.</param>
    public static PayloadForm FormOf(ReadOnlySpan<byte> payload, int maxDepth = MaxDepth) =>
        IsLineOfJson(payload, maxDepth) ? PayloadForm.Json
        : Utf8.IsValid(payload) && !GrowsTooMuch(payload) ? PayloadForm.Text
        : PayloadForm.Base64;

    /// <summary>Whether something can stand in a line as it is, and be found again.</summary>
    public static bool IsLineOfJson(ReadOnlySpan<byte> payload, int maxDepth = MaxDepth)
    {
        if (maxDepth <= 0
            || payload is not ([(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']'])
            || payload.ContainsAny((byte)'\n', (byte)'\r')
            || !Utf8.IsValid(payload))
        {
            return false;
        }

        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool GrowsTooMuch(ReadOnlySpan<byte> utf8)
    {
        var left = utf8.Length / 2;
        for (int plain; left >= 0 && (plain = IndexOfEscaped(utf8)) >= 0; utf8 = utf8[(plain + 1)..])
        {
            left -= Escape(utf8[plain]).Length - 1;
        }

        return left < 0;
    }
}
