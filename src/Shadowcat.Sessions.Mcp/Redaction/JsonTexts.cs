using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads and writes the texts of JSON, also those that are no valid Unicode: an unpaired surrogate must not keep a message from being redacted.</summary>
internal static class JsonTexts
{
    private const int EscapeDigits = 4;

    /// <summary>Reads what stands between the quotes of a text.</summary>
    /// <param name="utf8">The text as it is written, escapes and all.</param>
    /// <param name="buffer">As long as the text at least.</param>
    /// <returns>How many characters there are.</returns>
    public static int Read(ReadOnlySpan<byte> utf8, Span<char> buffer)
    {
        var length = 0;
        while (true)
        {
            var plain = utf8.IndexOf((byte)'\\');
            length += Encoding.UTF8.GetChars(plain < 0 ? utf8 : utf8[..plain], buffer[length..]);
            if (plain < 0 || plain + 1 >= utf8.Length)
            {
                return length;
            }

            utf8 = utf8[(plain + 1)..];
            if (utf8[0] == 'u' && utf8.Length > EscapeDigits
                && ushort.TryParse(utf8.Slice(1, EscapeDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                buffer[length++] = (char)code;
                utf8 = utf8[(1 + EscapeDigits)..];
                continue;
            }

            buffer[length++] = utf8[0] switch
            {
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                var character => (char)character,
            };
            utf8 = utf8[1..];
        }
    }

    /// <summary>Reads what stands between the quotes of a text.</summary>
    public static string Read(ReadOnlySpan<byte> utf8)
    {
        var buffer = new char[utf8.Length];
        return new string(buffer, 0, Read(utf8, buffer));
    }

    /// <summary>Writes a text in quotes.</summary>
    public static byte[] Write(ReadOnlySpan<char> text)
    {
        var json = new ArrayBufferWriter<byte>(text.Length + 2);
        json.Write("\""u8);
        while (!text.IsEmpty)
        {
            var length = LengthOfValid(text);
            WriteValid(text[..length], json);
            if (length < text.Length)
            {
                // An unpaired surrogate is written as it came.
                Encoding.ASCII.GetBytes($"\\u{(int)text[length]:X4}", json);
                length++;
            }

            text = text[length..];
        }

        json.Write("\""u8);
        return json.WrittenSpan.ToArray();
    }

    private static void WriteValid(ReadOnlySpan<char> text, ArrayBufferWriter<byte> json)
    {
        while (!text.IsEmpty)
        {
            var buffer = ArrayPool<char>.Shared.Rent(Math.Max(64, text.Length * 2));
            JavaScriptEncoder.Default.Encode(text, buffer, out var consumed, out var written);
            Encoding.UTF8.GetBytes(buffer.AsSpan(0, written), json);
            ArrayPool<char>.Shared.Return(buffer);
            text = text[consumed..];
        }
    }

    private static int LengthOfValid(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var offset = text[at..].IndexOfAnyInRange('\ud800', '\udfff');
            if (offset < 0)
            {
                return text.Length;
            }

            at += offset;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }

            at++;
        }

        return text.Length;
    }
}
