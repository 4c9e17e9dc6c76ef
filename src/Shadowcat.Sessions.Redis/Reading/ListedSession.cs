namespace Shadowcat.Sessions.Redis;

/// <summary>What was read of a session that the index names.</summary>
/// <param name="Place">Its place in the index.</param>
/// <param name="Answer">What was answered.</param>
internal readonly record struct ListedSession(SessionPlace Place, SessionAnswer Answer)
{
    /// <summary>The session; null where it has gone or cannot be read. One that was created anew at another time meanwhile is listed at its own place, if at all.</summary>
    public Session? Session => Answer.Session is { } session && SessionPlace.Of(session) == Place ? session : null;

    /// <summary>Reads the sessions at some places.</summary>
    public static async ValueTask<ListedSession[]> ReadAsync(RedisBackend backend, RedisCall call, List<SessionPlace> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
        {
            return [];
        }

        var ids = places.ConvertAll(static place => place.Id);
        var answers = await backend.RunAsync(
            call, ids, (database, layout) => ReadSessions.ReadAsync(database, layout, Operations.ListSessions, ids), cancellationToken).ConfigureAwait(false);
        return [.. places.Zip(answers, static (place, answer) => new ListedSession(place, answer))];
    }
}
