using Shadowcat.Sessions.Chaos.Workload;
using Shadowcat.Sessions.Redis;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>Looks at everything when the servers are whole and nobody writes any more.</summary>
internal sealed class Verification(IConnectionMultiplexer connection, string prefix, Ledger ledger, Findings findings, bool losesNewest)
{
    private readonly FrameAudit _frames = new(ledger, findings, losesNewest);

    /// <summary>When the frames were acknowledged that the servers themselves lost by a failover.</summary>
    public IReadOnlyList<TimeSpan> LostByServers => _frames.LostByServers;

    public async Task RunAsync(IReadOnlyCollection<SessionId> left)
    {
        await using var store = new RedisSessionStore(connection, redis: new RedisSessionStoreOptions { KeyPrefix = prefix });
        await CheckFramesAsync(store);

        // Sessions with a short life end by themselves; what they leave has to be reclaimed.
        await Task.Delay(2 * Churner.ShortLife);
        await store.ReapExpiredSessionsAsync();
        var sessions = await LiveAsync(store, left);
        var listed = await store.ListSessionsAsync().Select(session => session.Id.Value).ToListAsync();
        Compare(sessions, listed);
        if (await store.CountSessionsAsync() is var count && count != listed.Count)
        {
            findings.Add(Breach.Session, $"{count} sessions are counted and {listed.Count} listed.");
        }

        var keys = new KeyAudit(connection, prefix, findings);
        await keys.CheckAsync(listed.ToHashSet(StringComparer.Ordinal));
        foreach (var id in listed)
        {
            await store.DeleteSessionAsync(new SessionId(id));
        }

        await keys.CheckEmptyAsync();
    }

    private async Task CheckFramesAsync(RedisSessionStore store)
    {
        for (var session = 0; session < ledger.Sessions.Count; session++)
        {
            try
            {
                var frames = await store.GetFramesAsync(ledger.Sessions[session]).ToListAsync();
                _frames.Check(session, frames);
                var count = (await store.GetSessionAsync(ledger.Sessions[session]))?.FrameCount;
                if (count != frames.Count)
                {
                    findings.Add(Breach.Misplaced, $"session {session} says that it has {count} frames, and has {frames.Count}.");
                }
            }
            catch (SessionStoreException exception)
            {
                findings.Add(Breach.Lost, $"session {session} cannot be read: {exception.Message}");
            }
        }

        _frames.CheckMissing();
    }

    private async Task<HashSet<string>> LiveAsync(RedisSessionStore store, IReadOnlyCollection<SessionId> left)
    {
        var found = await store.GetSessionsAsync([.. ledger.Sessions, .. left]);
        return [.. found.Where(session => session is not null).Select(session => session!.Id.Value)];
    }

    private void Compare(HashSet<string> sessions, List<string> listed)
    {
        // Session and index change together, so they also are lost together.
        foreach (var session in sessions.Except(listed, StringComparer.Ordinal))
        {
            findings.Add(Breach.Session, $"session {session} lives and is not listed.");
        }

        if (!losesNewest && (listed.Count != sessions.Count || !sessions.SetEquals(listed)))
        {
            findings.Add(Breach.Session, $"{sessions.Count} sessions live and {listed.Count} are listed, {sessions.Intersect(listed, StringComparer.Ordinal).Count()} of them the same.");
        }
    }
}
