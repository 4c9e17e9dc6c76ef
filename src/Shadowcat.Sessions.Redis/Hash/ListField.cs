using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The field that says what places in the list of frames mean.</summary>
internal readonly ref struct ListField
{
    /// <summary>More than all processes together may push ahead of what is counted.</summary>
    public const int Reserve = 65536;

    /// <summary>How far a process pushes ahead of what is counted: so much may be under way from others at that moment.</summary>
    public const int MostAhead = Reserve * 3 / 4;

    /// <exception cref="FormatException">It is something else.</exception>
    public ListField(ReadOnlySpan<byte> field)
    {
        var words = new FieldWords(field);
        Token = words.Text();
        First = words.Number();
        Frames = words.Number();
        words.End();
    }

    /// <summary>The fencing token of the list.</summary>
    public ReadOnlySpan<byte> Token { get; }

    /// <summary>The sequence that belongs to the first place of the list.</summary>
    public long First { get; }

    /// <summary>Sequences given when they were counted last.</summary>
    public long Frames { get; }

    /// <summary>What is known of the list, with the field that the generation stands in.</summary>
    public KnownList Known(ReadOnlySpan<byte> version) => KnownList.Of(Token, version[..Math.Max(0, version.IndexOf((byte)' '))], Frames);

    /// <summary>The sequence of the oldest frame kept, and that of the next one, where the list has so many frames. A list that the server lost continues behind all that may have been given.</summary>
    public (long First, long End) Extent(long length) =>
        length > 0 || Frames == First ? (First, Math.Max(Frames, First + length)) : (Frames + Reserve, Frames + Reserve);

    /// <summary>Reads the field; false where it is something else, or absent.</summary>
    public static bool TryRead(RedisValue value, out ListField field) => TryRead(((ReadOnlyMemory<byte>)value).Span, out field);

    /// <summary>Reads the bytes of the field; false where they are something else, or none.</summary>
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
