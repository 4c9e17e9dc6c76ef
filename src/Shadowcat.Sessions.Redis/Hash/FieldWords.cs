using System.Buffers.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads the words of a field that holds several values, with a blank between each two.</summary>
internal ref struct FieldWords(ReadOnlySpan<byte> field)
{
    private ReadOnlySpan<byte> _rest = field;
    private bool _hasMore = true;

    /// <summary>Whether there is another word.</summary>
    public readonly bool HasMore => _hasMore;

    /// <summary>The next word.</summary>
    /// <exception cref="FormatException">There is no more.</exception>
    public ReadOnlySpan<byte> Text()
    {
        var end = _rest.IndexOf((byte)' ');
        var word = _hasMore ? end < 0 ? _rest : _rest[..end] : [];
        _hasMore = end >= 0;
        _rest = _rest[(end + 1)..];
        return word.IsEmpty ? throw new FormatException("A word is missing.") : word;
    }

    /// <summary>The next word, which is a whole number.</summary>
    /// <exception cref="FormatException">It is not, or there is no more.</exception>
    public long Number() =>
        Text() is var word && Utf8Parser.TryParse(word, out long number, out var consumed) && consumed == word.Length
            ? number
            : throw new FormatException("A word is no whole number.");

    /// <summary>The next word, which is a time in ms since 1970.</summary>
    public DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(Number());

    /// <summary>Makes sure that this was all.</summary>
    /// <exception cref="FormatException">There is more.</exception>
    public readonly void End()
    {
        if (_hasMore)
        {
            throw new FormatException("There are more words than there should be.");
        }
    }
}
