using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Lists the sessions of all partitions, one partition after the other, each in the order of ids.</summary>
/// <remarks>
/// A page costs ZRANGEBYLEX for the ids and one LLEN and HGETALL each, pipelined. The place in the listing is an id, not a cursor of some
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
        var begun = PageToken.Parse(continuationToken, layout.Partitions.Count);
        var token = begun;
        var after = token.After.IsDefault ? default : (RedisValue)token.After.Value;
        var page = new List<Session>();
        var lookedAt = 0;
        while (token.Partition < layout.Partitions.Count)
        {
            if (page.Count == pageSize || (lookedAt >= LookedAtPerPage && token != begun))
            {
                return new SessionPage(page, token.ToString());
            }

            var wanted = Math.Min(pageSize - page.Count, ReadAtOnce);
            var entries = await ReadEntriesAsync(layout.Partitions[token.Partition], after, wanted, cancellationToken).ConfigureAwait(false);
            var ids = ToIds(entries);
            page.AddRange((await ReadSessionsAsync(ids, cancellationToken).ConfigureAwait(false)).Where(filter.Matches));
            lookedAt += entries.Length;
            after = entries.Length < wanted ? default : entries[^1];
            token = after.IsNull ? token with { Partition = token.Partition + 1, After = default }
                : ids.Count > 0 ? token with { After = ids[^1] }
                : token;
        }

        return new SessionPage(page, null);
    }

    private ValueTask<RedisValue[]> ReadEntriesAsync(RedisPartition partition, RedisValue after, int count, CancellationToken cancellationToken) =>
        backend.RunAsync(
            Operations.ListSessions,
            (database, _) => database.SortedSetRangeByValueAsync(partition.Index, min: after, exclude: Exclude.Start, take: count),
            cancellationToken);

    /// <summary>The ids among the index entries. Anything else was put there by somebody else, and is passed over like a session that cannot be read.</summary>
    private List<SessionId> ToIds(RedisValue[] entries)
    {
        var ids = new List<SessionId>(entries.Length);
        foreach (var entry in entries)
        {
            if (SessionId.TryParse(entry.ToString(), null, out var id))
            {
                ids.Add(id);
            }
            else
            {
                PassOver(new SessionSerializationException(Operations.ListSessions, null, "an entry of the index is no session id."));
            }
        }

        return ids;
    }

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
                        if (await reading[i].ReadAsync(database, Operations.ListSessions).ConfigureAwait(false) is { } session)
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
                    catch
                    {
                        SessionReading.Forget(reading.AsSpan(i + 1));
                        throw;
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
