using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Redis;

/// <summary>Lists the sessions of all partitions in the order of their creation.</summary>
/// <remarks>
/// The index of each partition has that order, and they are merged. A page costs a script for each partition's index, then one for the sessions of each partition that has some of them. The place in the
/// listing is a time and an id, not a cursor of some server's, so it stays right whatever comes, goes, or fails over in between.
/// </remarks>
internal sealed class SessionListing(RedisBackend backend, UnreadableSessions unreadable)
{
    /// <summary>How many sessions a page looks at, matching or not, before it ends.</summary>
    private const int LookedAtPerPage = 1000;

    /// <summary>Of many partitions, so many sessions are read by one call of the script, as far as the greatest batch allows.</summary>
    private const int SessionsPerPartition = 16;

    private const int MaxBatch = 2048;

    /// <summary>Reads all sessions that match, in bounded memory.</summary>
    public async IAsyncEnumerable<Session> ReadAsync(SessionFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var layout = await backend.GetLayoutAsync(backend.NewCall(Operations.ListSessions), cancellationToken).ConfigureAwait(false);
        var batchSize = Math.Clamp(SessionsPerPartition * layout.Partitions.Count, ReadSessions.MaxTogether, MaxBatch);
        var index = Index(layout, CreationRange.Of(filter), after: null, isAhead: true, () => backend.NewCall(Operations.ListSessions), cancellationToken);
        using var scan = new SessionScan(backend, index, batchSize, cancellationToken);
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
    public ValueTask<SessionPage> ReadPageAsync(SessionFilter filter, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var token = PageToken.Parse(continuationToken, filter.Order);
        return backend.Telemetry.MeasureAsync(Operations.ListSessions, () => ReadNextPageAsync(filter, pageSize, token, cancellationToken));
    }

    private async ValueTask<SessionPage> ReadNextPageAsync(SessionFilter filter, int pageSize, PageToken? token, CancellationToken cancellationToken)
    {
        var call = backend.NewCall(Operations.ListSessions);
        var layout = await backend.GetLayoutAsync(call, cancellationToken).ConfigureAwait(false);
        using var index = Index(layout, CreationRange.Of(filter), token?.After, isAhead: false, () => call, cancellationToken);
        var page = new List<Session>(pageSize);
        var lookedAt = 0;
        while (index.HasMore)
        {
            if (page.Count == pageSize || lookedAt >= LookedAtPerPage)
            {
                return new SessionPage(page, token?.ToString());
            }

            // Where few match, more and more are looked at together, and those behind the end of the page are left to the next.
            var wanted = Math.Min(Math.Max(pageSize - page.Count, lookedAt), LookedAtPerPage - lookedAt);
            foreach (var read in await ListedSession.ReadAsync(backend, call, await index.NextAsync(wanted).ConfigureAwait(false), cancellationToken).ConfigureAwait(false))
            {
                if (page.Count == pageSize)
                {
                    return new SessionPage(page, token?.ToString());
                }

                lookedAt++;
                token = new PageToken(filter.Order, read.Place);
                if (ToSession(read) is { } session && filter.Matches(session))
                {
                    page.Add(session);
                }
            }
        }

        return new SessionPage(page, null);
    }

    private IndexMerge Index(
        RedisLayout layout, CreationRange range, SessionPlace? after, bool isAhead, Func<RedisCall> call, CancellationToken cancellationToken)
    {
        IndexPlace? begin = after is { } place ? IndexPlace.Of(place) : null;
        return new IndexMerge([.. layout.Partitions.Select(partition => new IndexCursor(ReaderOf(partition), begin, isAhead))], range.Order, PassOver);

        Func<IndexPlace?, int, Task<IndexChunk>> ReaderOf(RedisPartition partition) => (behind, count) =>
            backend.RunAsync(call(), partition, database => ReadIndex.RunAsync(database, partition, range, behind, count), cancellationToken).AsTask();
    }

    /// <summary>The session that was read; null where it has gone, and where it cannot be read, which is counted.</summary>
    private Session? ToSession(ListedSession read)
    {
        if (read.Answer.Fault is { } fault)
        {
            unreadable.PassOver(fault);
        }

        return read.Session;
    }

    /// <summary>Passes over index entries that are no session ids like sessions that cannot be read.</summary>
    private void PassOver(int foreign)
    {
        for (var i = 0; i < foreign; i++)
        {
            unreadable.PassOver(new SessionSerializationException(Operations.ListSessions, null, "an entry of the index is no session id."));
        }
    }
}
