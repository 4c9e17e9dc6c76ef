using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using RESPite.Messages;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The hash of a session as HGETALL answers it, read in place: nothing is copied before it is asked for.</summary>
internal readonly ref struct SessionFields
{
    private const int Count = (int)SessionField.Reason + 1;
    private const int EndOfLine = 2;

    /// <summary>The names of <see cref="SessionField"/>.</summary>
    private static readonly byte[][] Names =
    [
        .. new[]
        {
            "format", "list", "frames", "first", "ttl", "expires", "active", "max", "ver", "gen", "created", "transport", "status", "state", "boundary",
            "client", "server", "versions", "tags", "owner", "alias", "correlation", "reason",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private readonly ReadOnlySpan<byte> _elements;
    private readonly Places _places;

    /// <param name="reply">What HGETALL answered. It has to stay as long as this is used.</param>
    public SessionFields(RespResult reply)
        : this(reply.Read())
    {
    }

    /// <param name="reader">At what HGETALL answered.</param>
    public SessionFields(RespReader reader)
    {
        if (!reader.TryGetRawSpan(out _elements))
        {
            throw new InvalidOperationException("The reply is not in one piece.");
        }

        var begin = reader.BytesConsumed;
        var pairs = reader.AggregateLength() / 2;
        IsEmpty = pairs == 0;
        for (var expected = 0; pairs > 0; pairs--)
        {
            reader.MoveNextScalar();
            var at = reader.TryGetSpan(out var name) ? Find(name, expected) : -1;
            reader.MoveNextScalar();
            if (at >= 0)
            {
                var length = reader.ScalarLength();
                _places[at] = new Place((int)(reader.BytesConsumed - begin) - EndOfLine - length, length);
                expected = at + 1;
            }
        }
    }

    /// <summary>True where there is no session.</summary>
    public bool IsEmpty { get; }

    /// <summary>The bytes of a field; none also where it is absent.</summary>
    public ReadOnlySpan<byte> this[SessionField field] => _elements.Slice(_places[(int)field].Start, _places[(int)field].Length);

    /// <summary>Whether there is the field, empty or not.</summary>
    public bool Has(SessionField field) => _places[(int)field].Start > 0; // the length stands before it

    /// <summary>A field that holds a whole number; null where it is absent or holds something else.</summary>
    public long? TryNumber(SessionField field) =>
        Utf8Parser.TryParse(this[field], out long number, out var consumed) && consumed == this[field].Length ? number : null;

    /// <summary>A field that holds a whole number.</summary>
    /// <exception cref="FormatException">It does not, or is absent.</exception>
    public long Number(SessionField field) => TryNumber(field) ?? throw new FormatException($"The field {field} holds no number.");

    /// <summary>A field that holds one of a few numbers.</summary>
    /// <exception cref="FormatException">It does not, or is absent.</exception>
    /// <exception cref="OverflowException">The number has more than 32 bits.</exception>
    public int SmallNumber(SessionField field) => checked((int)Number(field));

    /// <summary>A field that holds a time in ms since 1970.</summary>
    public DateTimeOffset Time(SessionField field) => DateTimeOffset.FromUnixTimeMilliseconds(Number(field));

    /// <summary>A field that holds text; null where it is absent.</summary>
    public string? Text(SessionField field) => Has(field) ? Encoding.UTF8.GetString(this[field]) : null;

    /// <summary>Which field it is; -1 for one that a session is not read from. Mostly it is the one that is expected next.</summary>
    private static int Find(ReadOnlySpan<byte> name, int expected)
    {
        for (var i = 0; i < Count; i++)
        {
            var at = (expected + i) % Count;
            if (name.SequenceEqual(Names[at]))
            {
                return at;
            }
        }

        return -1;
    }

    private readonly record struct Place(int Start, int Length);

    [InlineArray(Count)]
    private struct Places
    {
        private Place _first;
    }
}
