using System.Runtime.CompilerServices;
using RESPite.Messages;

namespace Shadowcat.Sessions.Redis;

/// <summary>The fields of a session and the length of its list, as <c>read-sessions.lua</c> answers them, read in place: nothing is copied before it is asked for.</summary>
internal readonly ref struct SessionFields
{
    private const int Count = (int)SessionField.Session + 1;
    private const int EndOfLine = 2;

    private readonly ReadOnlySpan<byte> _elements;
    private readonly Places _places;

    /// <param name="reader">At the answer; behind it, when this is made. What it reads has to stay as long as this is used.</param>
    public SessionFields(ref RespReader reader)
    {
        if (!reader.TryGetRawSpan(out _elements) || reader.AggregateLength() != Count + 1)
        {
            throw new InvalidOperationException("The reply is not what it should be.");
        }

        var begin = reader.BytesConsumed;
        for (var field = 0; field < Count; field++)
        {
            reader.MoveNextScalar();
            if (!reader.IsNull)
            {
                var length = reader.ScalarLength();
                _places[field] = new Place((int)(reader.BytesConsumed - begin) - EndOfLine - length, length);
            }
        }

        reader.MoveNextScalar();
        Length = reader.ReadInt64();
    }

    /// <summary>How many frames are in the list.</summary>
    public long Length { get; }

    /// <summary>The bytes of a field; none where it is absent.</summary>
    public ReadOnlySpan<byte> this[SessionField field] => _elements.Slice(_places[(int)field].Start, _places[(int)field].Length);

    private readonly record struct Place(int Start, int Length);

    [InlineArray(Count)]
    private struct Places
    {
        private Place _first;
    }
}
