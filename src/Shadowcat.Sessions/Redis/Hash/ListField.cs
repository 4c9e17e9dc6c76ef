using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The field that says what places in the list of frames mean.</summary>
internal readonly ref struct ListField
{
    /// <exception cref="FormatException">It is something else.</exception>
    public ListField(ReadOnlySpan<byte> field)
    {
        var words = new FieldWords(field);
        Name = words.Text();
        First = words.Number();
        Frames = words.Number();
        words.End();
    }

    /// <summary>The name of the list.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The sequence that belongs to the first place of the list.</summary>
    public long First { get; }

    /// <summary>Frames ever appended when they were counted last.</summary>
    public long Frames { get; }

    /// <summary>Reads the field; false where it is something else, or absent.</summary>
    public static bool TryRead(RedisValue value, out ListField field) => TryRead(((ReadOnlyMemory<byte>)value).Span, out field);

    /// <summary>As the other.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out ListField field)
    {
        try
        {
            field = new ListField(value);
            return true;
        }
        catch (FormatException)
        {
            field = default;
            return false;
        }
    }
}
