namespace Shadowcat.Sessions;

/// <summary>Which frames of a session to read: all that are kept, from a sequence on, or the last few. <c>default</c> is all.</summary>
public readonly record struct FrameRange
{
    private FrameRange(long? start, long? count)
    {
        Start = start;
        Count = count;
    }

    /// <summary>Every frame that is kept, oldest first.</summary>
    public static FrameRange All => default;

    /// <summary>The sequence to begin at; null where the range is counted from the end, or is everything.</summary>
    public long? Start { get; }

    /// <summary>How many frames at most; null for all there are when the end is reached.</summary>
    public long? Count { get; }

    /// <summary>Whether the range is counted from the end, as <see cref="Last"/> makes it.</summary>
    public bool IsFromEnd => Start is null && Count is not null;

    /// <summary>The frames from a sequence on, oldest first.</summary>
    /// <param name="sequence">The first sequence wanted, from 0. Reading below what is kept is an error (<see cref="FramesTrimmedException"/>); reading past the end yields nothing.</param>
    /// <param name="count">How many frames at most, from 0; null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static FrameRange From(long sequence, long? count = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        if (count is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(count));
        }

        return new FrameRange(sequence, count);
    }

    /// <summary>The newest frames that are kept, oldest of them first.</summary>
    /// <param name="count">How many frames at most, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static FrameRange Last(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new FrameRange(null, count);
    }
}
