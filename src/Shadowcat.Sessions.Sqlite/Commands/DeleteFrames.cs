namespace Shadowcat.Sessions.Sqlite;

/// <summary>Deletes the oldest frames of a session, or all of them.</summary>
internal static class DeleteFrames
{
    /// <returns>How many were deleted, and what the session has now.</returns>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    public static (long Count, SessionActivity Activity) Run(StoreConnection connection, SessionId id, long? beforeSequence, DateTimeOffset now)
    {
        var row = SessionRows.Require(connection, Operations.DeleteFrames, id, now);
        var first = Math.Clamp(beforeSequence ?? row.End, row.First, row.End);
        if (first > row.First)
        {
            SessionActivityRow.Write(connection, FrameBounds.Trim(connection, row, first));
        }

        return (first - row.First, new SessionActivity(id, frameCount: row.End, firstSequence: first));
    }
}
