using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>A frame that can be appended again: it has a key by which a store recognises it among all other frames, even those with the same content.</summary>
/// <remarks>A store keeps the key with the frame, so that it finds the frame where an earlier append may have stored it.</remarks>
/// <seealso cref="IRepeatableAppends"/>
public sealed class IdempotentFrame
{
    private static ulong _last = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Gives a frame a key that no other frame of any process has.</summary>
    /// <param name="envelope">The frame. Its payload must not change any more; <see cref="Copy"/> copies it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="envelope"/> is null.</exception>
    public IdempotentFrame(MessageEnvelope envelope)
        : this(envelope, NewKey())
    {
    }

    /// <summary>Makes another form of a frame, such as an encrypted one, which has the key of that frame.</summary>
    /// <param name="envelope">The other form. Its payload must not change any more.</param>
    /// <param name="key">The <see cref="Key"/> of the frame.</param>
    /// <exception cref="ArgumentNullException"><paramref name="envelope"/> is null.</exception>
    public IdempotentFrame(MessageEnvelope envelope, ulong key)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        Envelope = envelope;
        Key = key;
    }

    /// <summary>The frame.</summary>
    public MessageEnvelope Envelope { get; }

    /// <summary>The idempotency key: 64 bits, unique among all frames of all processes but for a chance of one in 2^64 for each pair of processes.</summary>
    public ulong Key { get; }

    /// <summary>Gives a copy of a frame a key that no other frame has.</summary>
    /// <param name="envelope">The frame. Its payload is copied, and may change once this has returned.</param>
    /// <exception cref="ArgumentNullException"><paramref name="envelope"/> is null.</exception>
    public static IdempotentFrame Copy(MessageEnvelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return new IdempotentFrame(envelope with { Payload = envelope.Payload.ToArray() });
    }

    /// <summary>A key that no other frame has: each process counts from a random place among 2^64.</summary>
    public static ulong NewKey() => Interlocked.Increment(ref _last);
}
