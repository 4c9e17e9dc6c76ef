using System.Buffers;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Reads strings of JSON that a peer wrote, of any length.</summary>
internal static class JsonTextValue
{
    private const char Ellipsis = '…';

    /// <summary>The string that a reader stands on, at most so many characters of it; null where it is no string, or not one that can be written again.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="maxLength">Longer ones are cut off, with an ellipsis behind.</param>
    public static string? Read(ref Utf8JsonReader reader, int maxLength)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(reader.ValueSpan.Length, 1));
        try
        {
            var text = buffer.AsSpan(0, reader.CopyString(buffer));
            return text.Length <= maxLength ? new string(text) : string.Concat(text[..Whole(text, maxLength)], [Ellipsis]);
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or half of a surrogate pair.
            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static int Whole(ReadOnlySpan<char> text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
