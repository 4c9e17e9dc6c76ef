namespace Shadowcat.Sessions.Redis;

/// <summary>Frames side by side in their stored form, in memory that is borrowed until the page is disposed of.</summary>
/// <param name="first">The sequence of the first of them.</param>
/// <param name="count">How many there are.</param>
internal abstract class FramePage(long first, int count) : IDisposable
{
    public long First { get; } = first;

    public int Count { get; } = count;

    /// <summary>The stored form of a frame, by its place in the page.</summary>
    public abstract ReadOnlySpan<byte> this[int index] { get; }

    public abstract void Dispose();
}
