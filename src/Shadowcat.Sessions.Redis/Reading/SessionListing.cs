using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Lists the sessions of all partitions, one partition after the other, each in the order of ids.</summary>
/// <remarks>
/// A page costs ZRANGEBYLEX for the ids and a script for the sessions. The place in the listing is an id, not a cursor of some
/// server's, so it stays right whatever comes, goes, or fails over in between.
/// </remarks>
internal sealed class SessionListing(RedisBackend backend, UnreadableSessions unreadable)
{
    /// <summary>How many sessions a page looks at, matching or not, before it ends.</summary>
    private const int LookedAtPerPage = 1000;

    /// <summary>Reads all sessions that match, in bounded memory.</summary>
    public async IAsyncEnumerable<Session> ReadAsync(SessionFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = await backend.GetLayoutAsync(backend.NewCall(Operations.ListSessions), cancellationToken).ConfigureAwait(false);
        using var scan = new SessionScan(backend, this, cancellationToken);
        while (await scan.NextAsync().ConfigureAwait(false) is { } batch)
        {
            for (var i = 0; i < batch.Length; i++)
            {
                if (ToSession(batch[i]) is { } session && filter.Matches(session))
                {
                    yield return session;
                }
            }
        }
    }

    /// <summary>Reads a page, as one operation that is measured.</summary>
    public ValueTask<SessionPage> ReadPageAsync(SessionFilter filter, int pageSize, string? continuationToken, CancellationToken cancellationToken) =>
        backend.Telemetry.MeasureAsync(Operations.ListSessions, () => ReadNextPageAsync(filter, pageSize, continuationToken, cancellationToken));

    private async ValueTask<SessionPage> ReadNextPageAsync(
        SessionFilter filter, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var call = backend.NewCall(Operations.ListSessions);
        var layout = await backend.GetLayoutAsync(call, cancellationToken).ConfigureAwait(false);
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

            var wanted = Math.Min(pageSize - page.Count, ReadSessions.MaxTogether);
            var entries = await ReadEntriesAsync(call, layout.Partitions[token.Partition], after, wanted, cancellationToken).ConfigureAwait(false);
            var ids = ToIds(entries);
            page.AddRange((await ReadSessionsAsync(call, ids, cancellationToken).ConfigureAwait(false)).Where(filter.Matches));
            lookedAt += entries.Length;
            after = entries.Length < wanted ? default : entries[^1];
            token = after.IsNull ? token with { Partition = token.Partition + 1, After = default }
                : ids.Count > 0 ? token with { After = ids[^1] }
                : token;
        }

        return new SessionPage(page, null);
    }

    private ValueTask<RedisValue[]> ReadEntriesAsync(RedisCall call, RedisPartition partition, RedisValue after, int count, CancellationToken cancellationToken) =>
        backend.RunAsync(
            call,
            partition,
            database => database.SortedSetRangeByValueAsync(partition.Index, min: after, exclude: Exclude.Start, take: count),
            cancellationToken);

    /// <summary>The ids among the index entries. Anything else was put there by somebody else, and is passed over like a session that cannot be read.</summary>
    public List<SessionId> ToIds(RedisValue[] entries)
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
                unreadable.PassOver(new SessionSerializationException(Operations.ListSessions, null, "an entry of the index is no session id."));
            }
        }

        return ids;
    }

    /// <summary>Reads the sessions that are still there.</summary>
    private async ValueTask<List<Session>> ReadSessionsAsync(RedisCall call, List<SessionId> ids, CancellationToken cancellationToken)
    {
        var answers = await backend.RunAsync(
            call, ids, (database, layout) => ReadSessions.ReadAsync(database, layout, Operations.ListSessions, ids), cancellationToken).ConfigureAwait(false);
        return [.. answers.Select(ToSession).OfType<Session>()];
    }

    /// <summary>The session that was answered; null where it has gone, and where it cannot be read, which is counted.</summary>
    private Session? ToSession(SessionAnswer answer)
    {
        if (answer.Fault is { } fault)
        {
            unreadable.PassOver(fault);
        }

        return answer.Session;
    }
}
