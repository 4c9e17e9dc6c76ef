namespace Shadowcat.Sessions.Sqlite;

/// <summary>Appends frames to a session, or finds them where an earlier append has put them.</summary>
/// <remarks>
/// An append writes its frames and nothing else, where another one has noted its activity a moment ago and no bound is kept: the sequence is the place of the newest frame. So its row of the session is read and not written.
/// </remarks>
/// <param name="operation">The operation, for errors.</param>
/// <param name="id">The session.</param>
/// <param name="frames">The frames.</param>
/// <param name="generation">The generation they are meant for; empty for any.</param>
/// <param name="since">From where on they may stand already; below 0 where they cannot.</param>
/// <param name="options">Where the bounds are.</param>
internal sealed class AppendFrames(
    string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, SessionStoreOptions options)
{
    /// <summary>About how many bytes it writes.</summary>
    public long Bytes { get; } = frames.Sum(static frame => (long)frame.Envelope.Payload.Length);

    private bool IsBounded => options.MaxFramesPerSession is not null || options.MaxFramesBytesPerSession is not null;

    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="SessionLimitExceededException">It has no capacity left.</exception>
    /// <exception cref="FramesTrimmedException">Whether they were appended before cannot be known.</exception>
    public AppendedFrames Run(StoreConnection connection, DateTimeOffset now)
    {
        var row = SessionRows.Require(connection, operation, id, now);
        if (generation != Guid.Empty && generation != row.Generation)
        {
            throw new SessionNotFoundException(operation, id);
        }

        if (since >= 0 && FindEarlier(connection, row) is { } found)
        {
            return new AppendedFrames(found, 0, null);
        }

        if (row.End - row.Base + frames.Count > FramePlace.MaxNumber)
        {
            throw new SessionLimitExceededException(operation, id, "frames", $"a session has at most {FramePlace.MaxNumber} frames in its life in this store.");
        }

        return IsBounded ? AppendBounded(connection, row, now) : Append(connection, row, now);
    }

    private long? FindEarlier(StoreConnection connection, SessionRow row) =>
        FrameRows.Find(connection, row, frames[0].Key, Math.Max(since, row.First)) is { } found ? found
        : since >= row.First ? null
        : throw new FramesTrimmedException(operation, id, since, row.First);

    private AppendedFrames Append(StoreConnection connection, SessionRow row, DateTimeOffset now)
    {
        Insert(connection, row);
        if (row.IsQuiet(now))
        {
            return new AppendedFrames(row.End, frames.Count, new SessionActivity(id, frameCount: row.End + frames.Count));
        }

        var active = row.WithActivity(now).WithQuiet(now);
        SessionActivityRow.Write(connection, active);
        return new AppendedFrames(row.End, frames.Count, new SessionActivity(id, active.Active, row.End + frames.Count, expiresAt: active.Expires));
    }

    private AppendedFrames AppendBounded(StoreConnection connection, SessionRow row, DateTimeOffset now)
    {
        var isCounted = options.MaxFramesBytesPerSession is not null;
        var counted = isCounted ? FrameBounds.Count(connection, row) : row;
        if (options.FrameOverflow == FrameOverflow.Refuse)
        {
            FrameBounds.Require(operation, id, counted, frames, options);
        }

        Insert(connection, row);
        var appended = counted with { End = row.End + frames.Count };
        appended = FrameBounds.Fit(connection, isCounted ? FrameBounds.Count(connection, appended) : appended, options);
        var active = appended.WithActivity(now).WithQuiet(now);
        SessionActivityRow.Write(connection, active);
        return new AppendedFrames(row.End, frames.Count, new SessionActivity(id, active.Active, active.End, active.First, active.Expires));
    }

    private void Insert(StoreConnection connection, SessionRow row)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            FrameRows.Add(connection, row.PlaceOf(row.End + i), frames[i]);
        }
    }
}
