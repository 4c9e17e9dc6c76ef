using System.Buffers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The stored form of a frame on its way, in a buffer that others use before and after it.</summary>
/// <remarks>
/// The client library sends out of this buffer, when it comes to it. So the buffer goes back only once the server has acknowledged the frame and nothing that
/// refers to it was ever left without an answer; in any other case it is left to the garbage collector.
/// </remarks>
internal readonly struct EncodedFrame
{
    /// <summary>Larger ones come seldom, and the pool would keep them for long.</summary>
    private const int MaxPooledBytes = 64 * 1024;

    /// <summary>Hundreds of frames are under way at once where it is busy; the pool that all share keeps some dozen buffers of a size.</summary>
    private const int MaxPooledOfASize = 512;

    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(MaxPooledBytes, MaxPooledOfASize);

    private readonly byte[] _buffer;
    private readonly bool _isPooled;

    private EncodedFrame(byte[] buffer, int length, bool isPooled)
    {
        _buffer = buffer;
        _isPooled = isPooled;
        Length = length;
    }

    public int Length { get; }

    public ulong Stamp => FrameStamp.Of(_buffer.AsSpan(0, Length));

    public RedisValue Value => _buffer.AsMemory(0, Length);

    public static EncodedFrame Of(MessageEnvelope frame) => Of(frame, IdempotentFrame.NewKey());

    /// <summary>A frame that may be appended again.</summary>
    public static EncodedFrame Of(IdempotentFrame frame) => Of(frame.Envelope, frame.Key);

    /// <summary>Lets others use the buffer.</summary>
    public void Return()
    {
        if (_isPooled)
        {
            Pool.Return(_buffer);
        }
    }

    private static EncodedFrame Of(MessageEnvelope frame, ulong stamp)
    {
        var (header, length) = FrameFormat.Prepare(frame);
        var isPooled = length <= MaxPooledBytes;
        var buffer = isPooled ? Pool.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
        FrameFormat.Write(buffer.AsSpan(0, length), header, frame, stamp);
        return new EncodedFrame(buffer, length, isPooled);
    }
}
