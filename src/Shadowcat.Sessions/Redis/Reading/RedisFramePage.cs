using System.Buffers;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>A page in the reply that it came in: a rented buffer of the client library's, given back when the page is disposed of.</summary>
internal sealed class RedisFramePage : FramePage
{
    private const int EndOfLine = 2;

    private readonly RespResult _reply;
    private int[]? _places;

    public RedisFramePage(long first, int count, RespResult reply)
        : base(first, count)
    {
        _reply = reply;
        var places = _places = ArrayPool<int>.Shared.Rent(count * 2);
        var reader = reply.Read();
        var begin = reader.BytesConsumed;
        for (var i = 0; i < count; i++)
        {
            reader.MoveNextScalar();
            var length = reader.ScalarLength();
            places[i * 2] = (int)(reader.BytesConsumed - begin) - EndOfLine - length;
            places[(i * 2) + 1] = length;
            Bytes += length;
        }
    }

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
