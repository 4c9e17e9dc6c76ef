namespace Shadowcat.Sessions;

/// <summary>Reads the frames of a session in memory, some at a time, so that no reader keeps the store locked for long.</summary>
/// <param name="operation">What the caller asked for.</param>
/// <param name="id">The session.</param>
/// <param name="range">Which frames.</param>
/// <param name="locked">Does something with the session while nobody else does.</param>
internal sealed class InMemoryFramePages(
    string operation, SessionId id, FrameRange range, Func<Func<InMemorySession, FramePage?>, ValueTask<FramePage?>> locked) : IFramePages
{
    private readonly FrameCursor _cursor = new(operation, id, range, range.Count);
    private bool _begun;

    public ValueTask<FramePage?> NextAsync()
    {
        // Where none are wanted, the session has to be there all the same.
        if (_begun && _cursor.IsDone)
        {
            return default;
        }

        _begun = true;
        return locked(Take);
    }

    public void Dispose()
    {
        // What was read is the garbage collector's.
    }

    private Page? Take(InMemorySession session)
    {
        var (first, frames) = _cursor.Take(session);
        return frames.Length > 0 ? new Page(first, frames) : null;
    }

    /// <summary>Frames as the store holds them: it never changes one, and a reader only sees spans of them.</summary>
    private sealed class Page(long first, byte[][] frames) : FramePage(first, frames.Length)
    {
        public override ReadOnlySpan<byte> this[int index] => frames[index];

        public override void Dispose()
        {
            // What was read is the garbage collector's.
        }
    }
}
