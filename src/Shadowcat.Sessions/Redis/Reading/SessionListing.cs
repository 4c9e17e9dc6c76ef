using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Lists the sessions of all partitions, one partition after the other, each in the order of ids.</summary>
/// <remarks>
/// A page costs ZRANGEBYLEX for the ids and one pipelined HMGET each. The place in the listing is an id, not a cursor of some
/// server's, so it stays right whatever comes, goes, or fails over in between.
/// </remarks>
internal sealed class SessionListing(RedisBackend backend, ILogger logger)
{
    /// <summary>How many sessions a page looks at, matching or not, before it ends.</summary>
    private const int LookedAtPerPage = 1000;

    /// <summary>How many sessions are read at a time.</summary>
    private const int ReadAtOnce = 250;

    public async ValueTask<SessionPage> ReadPageAsync(
        SessionFilter filter, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var layout = await backend.GetLayoutAsync(Operations.ListSessions, null, cancellationToken).ConfigureAwait(false);
        var token = PageToken.Parse(continuationToken, layout.Partitions.Count);
        var page = new List<Session>();
        var lookedAt = 0;
        while (token.Partition < layout.Partitions.Count)
        {
            if (page.Count == pageSize || lookedAt >= LookedAtPerPage)
            {
                return new SessionPage(page, token.ToString());
            }

            var wanted = Math.Min(pageSize - page.Count, ReadAtOnce);
            var ids = await ReadIdsAsync(layout.Partitions[token.Partition], token.After, wanted, cancellationToken).ConfigureAwait(false);
            page.AddRange((await ReadSessionsAsync(ids, cancellationToken).ConfigureAwait(false)).Where(filter.Matches));
            lookedAt += ids.Count;
            token = ids.Count < wanted ? token with { Partition = token.Partition + 1, After = default } : token with { After = ids[^1] };
        }

        return new SessionPage(page, null);
    }

    private ValueTask<List<SessionId>> ReadIdsAsync(RedisPartition partition, SessionId after, int count, CancellationToken cancellationToken) =>
        backend.RunAsync(
            Operations.ListSessions,
            async (database, _) =>
            {
                var ids = await database.SortedSetRangeByValueAsync(
                    partition.Index, min: after.IsDefault ? default : (RedisValue)after.Value, exclude: Exclude.Start, take: count).ConfigureAwait(false);
                return ids.Select(id => new SessionId(id.ToString())).ToList();
            },
            cancellationToken);

    /// <summary>Reads the sessions that are still there; what cannot be read is counted and passed over.</summary>
    private ValueTask<List<Session>> ReadSessionsAsync(List<SessionId> ids, CancellationToken cancellationToken) =>
        backend.RunAsync(
            Operations.ListSessions,
            async (database, layout) =>
            {
                var sessions = new List<Session>(ids.Count);
                var reading = ReadSession.Start(database, layout, ids);
                for (var i = 0; i < reading.Length; i++)
                {
                    try
                    {
                        if (SessionHash.Read(Operations.ListSessions, ids[i], await reading[i].ConfigureAwait(false)) is { } session)
                        {
                            sessions.Add(session);
                        }
                    }
                    catch (SessionSerializationException exception)
                    {
                        PassOver(exception);
                    }
                    catch (RedisServerException exception) when (RedisFaults.IsWrongType(exception))
                    {
                        PassOver(new SessionSerializationException(Operations.ListSessions, ids[i], "the key holds a value of another type.", innerException: exception));
                    }
                }

                return sessions;
            },
            cancellationToken);

    private void PassOver(SessionSerializationException exception)
    {
        SessionMetrics.UnreadableSessions.Add(1);
        Log.SessionUnreadable(logger, exception.FormatVersion, exception);
    }
}
