using System.Text;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>What stands between the values of a file of JSON: space, commas and comments.</summary>
internal static class JsonLayout
{
    /// <summary>The first place from here on that is no space.</summary>
    public static int SkipSpace(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length && IsSpace(text[position]))
        {
            position++;
        }

        return position;
    }

    /// <summary>The last place before this one behind which there is only space.</summary>
    public static int SkipSpaceBack(ReadOnlySpan<byte> text, int position)
    {
        while (position > 0 && IsSpace(text[position - 1]))
        {
            position--;
        }

        return position;
    }

    /// <summary>The place behind the comma that follows a value, over space and comments; null where none follows.</summary>
    public static int? BehindComma(ReadOnlySpan<byte> text, int position)
    {
        while (true)
        {
            position = SkipSpace(text, position);
            var rest = text[position..];
            if (rest.StartsWith("//"u8))
            {
                var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
                position = end < 0 ? text.Length : position + end;
            }
            else if (rest.StartsWith("/*"u8))
            {
                position += rest[2..].IndexOf("*/"u8) + 4;
            }
            else
            {
                return rest is [(byte)',', ..] ? position + 1 : null;
            }
        }
    }

    /// <summary>The line end and the space that begin the line of a property; null where something else stands before it on its line.</summary>
    /// <param name="text">The file.</param>
    /// <param name="position">Where the value of the property begins.</param>
    /// <param name="name">The name of the property, in quotes.</param>
    public static string? IndentationOfLine(ReadOnlySpan<byte> text, int position, ReadOnlySpan<byte> name)
    {
        var lineStart = text[..position].LastIndexOf((byte)'\n') + 1;
        var start = SkipSpace(text, lineStart);
        if (lineStart == 0 || !text[start..].StartsWith(name))
        {
            return null;
        }

        var end = lineStart >= 2 && text[lineStart - 2] == (byte)'\r' ? "\r\n" : "\n";
        return end + Encoding.UTF8.GetString(text[lineStart..start]);
    }

    private static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
}
