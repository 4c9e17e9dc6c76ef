using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Takes payloads from a line without a copy in between: a frame may be as large as the memory allows.</summary>
internal static class ArchivedText
{
    private const int UnicodeDigits = 4;

    /// <summary>Takes the text of a JSON string, as UTF-8.</summary>
    /// <param name="reader">Stands on the string.</param>
    /// <param name="name">The member.</param>
    /// <param name="maxBytes">The greatest text.</param>
    /// <exception cref="FormatException">It is longer, or has half of a surrogate pair.</exception>
    public static byte[] Text(ref Utf8JsonReader reader, string name, long maxBytes)
    {
        if (reader is { HasValueSequence: false, ValueIsEscaped: false })
        {
            return reader.ValueSpan.Length <= maxBytes ? reader.ValueSpan.ToArray() : throw TooLong(name, reader.ValueSpan.Length, maxBytes);
        }

        var json = reader.HasValueSequence ? reader.ValueSequence : new ReadOnlySequence<byte>(reader.ValueSpan.ToArray());
        var length = reader.ValueIsEscaped ? Unescape(json, []) : json.Length;
        if (length > maxBytes)
        {
            throw TooLong(name, length, maxBytes);
        }

        var text = new byte[length];
        if (reader.ValueIsEscaped)
        {
            Unescape(json, text);
        }
        else
        {
            json.CopyTo(text);
        }

        return text;
    }

    /// <summary>Takes what a JSON string holds in base64.</summary>
    /// <exception cref="FormatException">It is no base64, or more than the greatest payload.</exception>
    public static ReadOnlyMemory<byte> Base64Bytes(ref Utf8JsonReader reader, string name, long maxBytes)
    {
        var text = Text(ref reader, name, Base64.GetMaxEncodedToUtf8Length((int)maxBytes));
        if (Base64.DecodeFromUtf8InPlace(text, out var length) != OperationStatus.Done)
        {
            throw new FormatException($"'{name}' is no base64");
        }

        return length <= maxBytes ? text.AsMemory(0, length) : throw TooLong(name, length, maxBytes);
    }

    /// <summary>Takes a JSON value as it stands there.</summary>
    /// <param name="reader">Stands at the beginning of the value; at its end afterwards.</param>
    /// <param name="line">What is read.</param>
    /// <param name="name">The member.</param>
    /// <param name="maxBytes">The greatest value.</param>
    public static byte[] Json(ref Utf8JsonReader reader, ReadOnlySequence<byte> line, string name, long maxBytes)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        var length = reader.BytesConsumed - start;
        return length <= maxBytes ? line.Slice(start, length).ToArray() : throw TooLong(name, length, maxBytes);
    }

    private static FormatException TooLong(string name, long length, long maxBytes) => new($"'{name}' has {length} bytes; at most {maxBytes} are taken");

    /// <summary>Writes what a JSON string says, whose escapes the reader has checked; where the destination is empty, only counts.</summary>
    /// <returns>How many bytes it has.</returns>
    private static long Unescape(ReadOnlySequence<byte> json, Span<byte> target)
    {
        var reader = new SequenceReader<byte>(json);
        var length = 0L;
        Span<byte> utf8 = stackalloc byte[UnicodeDigits];
        while (reader.TryReadTo(out ReadOnlySequence<byte> plain, (byte)'\\'))
        {
            length += Put(plain, target, length);
            reader.TryRead(out var escaped);
            var rune = escaped switch
            {
                (byte)'b' => new Rune('\b'),
                (byte)'f' => new Rune('\f'),
                (byte)'n' => new Rune('\n'),
                (byte)'r' => new Rune('\r'),
                (byte)'t' => new Rune('\t'),
                (byte)'u' => ReadRune(ref reader),
                _ => new Rune((char)escaped),
            };
            var written = rune.EncodeToUtf8(utf8);
            if (!target.IsEmpty)
            {
                utf8[..written].CopyTo(target[(int)length..]);
            }

            length += written;
        }

        return length + Put(reader.UnreadSequence, target, length);
    }

    private static long Put(ReadOnlySequence<byte> bytes, Span<byte> target, long at)
    {
        if (!target.IsEmpty)
        {
            bytes.CopyTo(target[(int)at..]);
        }

        return bytes.Length;
    }

    private static Rune ReadRune(ref SequenceReader<byte> reader)
    {
        var first = ReadUnit(ref reader);
        if (Rune.TryCreate(first, out var rune))
        {
            return rune;
        }

        return reader.IsNext("\\u"u8, advancePast: true) && Rune.TryCreate(first, ReadUnit(ref reader), out rune)
            ? rune
            : throw new FormatException("a text has half of a surrogate pair");
    }

    private static char ReadUnit(ref SequenceReader<byte> reader)
    {
        Span<byte> digits = stackalloc byte[UnicodeDigits];
        reader.TryCopyTo(digits);
        reader.Advance(UnicodeDigits);
        return Utf8Parser.TryParse(digits, out ushort unit, out _, 'x') ? (char)unit : throw new FormatException("a text has an escape that is none");
    }
}
