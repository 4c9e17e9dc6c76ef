namespace Shadowcat.Sessions;

/// <summary>Where a reader is in the frames of a session. Moved under the store's lock.</summary>
/// <param name="operation">What the reader does.</param>
/// <param name="id">The session.</param>
/// <param name="range">Where it begins.</param>
/// <param name="count">How many frames it takes at most; null for no end.</param>
internal sealed class FrameCursor(string operation, SessionId id, FrameRange range, long? count)
{
    private const int FramesPerPage = 256;

    private Guid? _generation;
    private long? _next = range.Start;
    private long _left = count ?? long.MaxValue;

    /// <summary>True when all frames that were asked for are taken.</summary>
    public bool IsDone => _left == 0;

    /// <summary>Takes the next frames there are, up to a page.</summary>
    public FramesTaken Take(InMemorySession stored)
    {
        _generation ??= stored.Session.Generation;
        if (stored.Session.Generation != _generation)
        {
            throw new SessionNotFoundException(operation, id);
        }

        var frames = stored.Frames;
        if (_next is null && range.IsFromEnd)
        {
            // Which frames are the last is settled now; where there is an end, what comes later is not among them.
            _next = Math.Max(frames.First, frames.End - range.Count.GetValueOrDefault());
            _left = count is null ? _left : frames.End - _next.Value;
        }

        var next = _next ?? frames.First;
        if (next < frames.First && _left > 0)
        {
            throw new FramesTrimmedException(operation, id, next, frames.First);
        }

        var page = new IdempotentFrame[(int)Math.Clamp(frames.End - next, 0, Math.Min(_left, FramesPerPage))];
        for (var i = 0; i < page.Length; i++)
        {
            page[i] = frames[next + i];
        }

        _next = next + page.Length;
        _left -= page.Length;
        return new FramesTaken(next, page);
    }
}
