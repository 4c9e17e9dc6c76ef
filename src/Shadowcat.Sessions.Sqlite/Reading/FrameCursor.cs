namespace Shadowcat.Sessions.Sqlite;

/// <summary>Where a reader is in the frames of a session.</summary>
/// <param name="operation">What the reader does.</param>
/// <param name="id">The session.</param>
/// <param name="range">Where it begins.</param>
/// <param name="follows">Whether it waits for frames to come.</param>
internal sealed class FrameCursor(string operation, SessionId id, FrameRange range, bool follows)
{
    private const int PageFrames = 256;
    private const int PageBytes = 512 * 1024;

    private readonly StoredFrameDecoder _decoder = new();
    private Guid? _generation;
    private long? _next = range.Start;
    private long _left = follows && range.IsFromEnd ? long.MaxValue : range.Count ?? long.MaxValue;

    /// <summary>Whether it has read something, so that it knows which session it reads.</summary>
    public bool HasBegun => _generation is not null;

    /// <summary>Takes the next frames there are, up to a page. Where it throws, the reader is where it was.</summary>
    /// <exception cref="SessionNotFoundException">There is no such session, or it has ended since the reading began.</exception>
    /// <exception cref="FramesTrimmedException">The next frame is no longer kept.</exception>
    /// <exception cref="SessionSerializationException">The next frame cannot be read.</exception>
    public FramePage Take(StoreConnection connection, DateTimeOffset now) => connection.Snapshot(snapshot => TakeFrom(snapshot, now));

    private FramePage TakeFrom(StoreConnection connection, DateTimeOffset now)
    {
        var session = SessionRows.Require(connection, operation, id, now, out var isClosed);
        if (session.Generation != (_generation ?? session.Generation))
        {
            throw new SessionNotFoundException(operation, id);
        }

        Begin(session);
        var next = _next!.Value;
        if (next < session.First && _left > 0)
        {
            throw new FramesTrimmedException(operation, id, next, session.First);
        }

        var frames = Read(connection, session, next, Math.Clamp(session.End - next, 0, _left));
        _next = next + frames.Count;
        _left -= frames.Count;
        var isLast = _left == 0 || _next >= session.End;
        return new FramePage(frames, isLast, _left == 0 || (isLast && isClosed), session.Expires);
    }

    /// <summary>Settles where the reading begins, and which frames are the last: where there is an end, what comes later is not among them.</summary>
    private void Begin(SessionRow session)
    {
        _generation ??= session.Generation;
        if (_next is not null)
        {
            return;
        }

        _next = range.IsFromEnd ? Math.Max(session.First, session.End - range.Count.GetValueOrDefault()) : session.First;
        if (range.IsFromEnd && !follows)
        {
            _left = session.End - _next.Value;
        }
    }

    private List<MessageEnvelope> Read(StoreConnection connection, SessionRow session, long next, long most)
    {
        var frames = new List<MessageEnvelope>((int)Math.Min(most, PageFrames));
        if (most == 0)
        {
            return frames;
        }

        using var rows = FrameRows.Rows(connection, session, next, next + Math.Min(most, PageFrames));
        for (var bytes = 0L; bytes < PageBytes && rows.Step();)
        {
            try
            {
                frames.Add(FrameRows.Read(rows, operation, id, session, next + frames.Count, _decoder));
            }
            catch (SessionSerializationException) when (frames.Count > 0)
            {
                // Those before it come first; it is met again as the first of the next page.
                break;
            }

            bytes += frames[^1].Payload.Length;
        }

        return frames;
    }
}
