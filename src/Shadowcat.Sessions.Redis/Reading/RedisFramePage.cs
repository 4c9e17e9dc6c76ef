using System.Buffers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A page in the reply that contains it: a rented buffer of the client library, which is returned when the page is disposed of.</summary>
internal sealed class RedisFramePage : FramePage
{
    private const int EndOfLine = 2;

    private readonly RespResult _reply;
    private int[]? _places;

    /// <summary>Makes a page of a reply.</summary>
    /// <param name="first">The sequence of the first frame.</param>
    /// <param name="count">How many frames there are in the reply.</param>
    /// <param name="hasBefore">Whether the first of them is the frame before the page, which shows that the page follows it; it is not part of the page.</param>
    /// <param name="reply">The reply, which belongs to the page from then on.</param>
    public RedisFramePage(long first, int count, bool hasBefore, RespResult reply)
        : base(first, hasBefore ? Math.Max(0, count - 1) : count)
    {
        _reply = reply;
        var places = _places = ArrayPool<int>.Shared.Rent(count * 2);
        var reader = reply.Read();
        var begin = reader.BytesConsumed;
        for (var i = hasBefore && count > 0 ? -1 : 0; i < Count; i++)
        {
            reader.MoveNextScalar();
            var length = reader.ScalarLength();
            if (i < 0)
            {
                Before = StampAt((int)(reader.BytesConsumed - begin) - EndOfLine - length, length);
                continue;
            }

            places[i * 2] = (int)(reader.BytesConsumed - begin) - EndOfLine - length;
            places[(i * 2) + 1] = length;
            Bytes += length;
        }
    }

    /// <summary>The stamp of the frame before the first; null where it was not read with the page.</summary>
    public ulong? Before { get; }

    /// <summary>The last frame of the page.</summary>
    public FrameMark Last => new(First + Count - 1, FrameStamp.Of(this[Count - 1]));

    /// <summary>The bytes of all its frames.</summary>
    public long Bytes { get; }

    public override ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var places = _places ?? throw new ObjectDisposedException(nameof(RedisFramePage));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _reply.Read().TryGetRawSpan(out var elements)
                ? elements.Slice(places[index * 2], places[(index * 2) + 1])
                : throw new InvalidOperationException("The reply is not in one piece.");
        }
    }

    private ulong StampAt(int start, int length) =>
        _reply.Read().TryGetRawSpan(out var elements) ? FrameStamp.Of(elements.Slice(start, length)) : throw new InvalidOperationException("The reply is not in one piece.");

    public override void Dispose()
    {
        if (_places is { } places)
        {
            _places = null;
            _reply.Dispose();
            ArrayPool<int>.Shared.Return(places);
        }
    }
}
