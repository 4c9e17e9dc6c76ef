namespace Shadowcat.Sessions.Sqlite;

/// <summary>Keeps the frames of a session within the bounds of the options, and knows how many bytes they are where there is such a bound.</summary>
/// <remarks>
/// The row of a session says how many bytes the frames below some sequence are. An append without a bound of bytes does not count, and another process may have none: whoever needs the sum
/// counts what was appended since.
/// </remarks>
internal static class FrameBounds
{
    /// <summary>Refuses frames beyond the bounds of a session.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">The session.</param>
    /// <param name="session">Its row, with its bytes counted where they are bounded.</param>
    /// <param name="added">The frames that are to be appended.</param>
    /// <param name="options">Where the bounds are.</param>
    /// <exception cref="SessionLimitExceededException">A bound would be exceeded.</exception>
    public static void Require(string operation, SessionId id, SessionRow session, IReadOnlyList<IdempotentFrame> added, SessionStoreOptions options)
    {
        if (session.End - session.First + added.Count > options.MaxFramesPerSession)
        {
            throw SessionLimitExceededException.TooManyFrames(operation, id, options);
        }

        if (options.MaxFramesBytesPerSession is { } most && session.Bytes + added.Sum(static frame => FrameBytes.Of(frame.Envelope)) > most)
        {
            throw SessionLimitExceededException.TooManyFramesBytes(operation, id, options);
        }
    }

    /// <summary>The row with the bytes of all its frames counted.</summary>
    public static SessionRow Count(StoreConnection connection, SessionRow session) => session with
    {
        Bytes = session.Bytes + FrameRows.SizeOf(connection, session, Math.Max(session.Counted, session.First), session.End),
        Counted = session.End,
    };

    /// <summary>Deletes the oldest frames until the rest is within the bounds. The newest frame stays whatever its size.</summary>
    public static SessionRow Fit(StoreConnection connection, SessionRow session, SessionStoreOptions options)
    {
        var first = options.MaxFramesPerSession is { } frames ? Math.Max(session.First, session.End - frames) : session.First;
        if (options.MaxFramesBytesPerSession is { } most)
        {
            var left = session.Bytes - FrameRows.SizeOf(connection, session, session.First, first);
            foreach (var size in FrameRows.SizesOf(connection, session, first, session.End - 1))
            {
                if (left <= most)
                {
                    break;
                }

                left -= size;
                first++;
            }
        }

        return Trim(connection, session, first);
    }

    /// <summary>Deletes the frames below a sequence.</summary>
    public static SessionRow Trim(StoreConnection connection, SessionRow session, long first)
    {
        if (first <= session.First)
        {
            return session;
        }

        var end = Math.Min(first, session.Counted);
        var bytes = session.Bytes - FrameRows.SizeOf(connection, session, session.First, end);
        FrameRows.Remove(connection, session, session.First, first);
        return session with { First = first, Counted = Math.Max(session.Counted, first), Bytes = bytes };
    }
}
