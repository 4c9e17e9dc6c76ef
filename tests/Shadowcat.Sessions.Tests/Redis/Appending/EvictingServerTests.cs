using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that is full and evicts, whichever key its policy chooses: lists, sessions and, where nothing spares them, indexes.</summary>
public sealed class EvictingServerTests
{
    /// <summary>How much the sessions may take beside what the server needs for itself.</summary>
    private const long MemoryOfSessions = 768 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("allkeys-random")]
    [InlineData("volatile-ttl")]
    public async Task Sessions_EvictedInPieces_GiveNoSequenceTwiceAndTellEachLoss(string policy)
    {
        await using var server = await RedisServer.StartDedicatedAsync("--maxmemory-policy", policy);
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var (writers, reader) = ((RedisSessionStore[])[lab.Store(server.Configuration), lab.Store(server.Configuration)], lab.Store(server.Configuration));
        foreach (var store in writers.Append(reader))
        {
            await store.CountSessionsAsync(Ct);
        }

        await lab.Server.ConfigSetAsync("maxmemory", await InfoAsync(lab, "memory", "used_memory") + MemoryOfSessions);
        var load = new EvictionLoad(writers, reader);
        await load.RunAsync();

        TestContext.Current.SendDiagnosticMessage($"{policy}: {await InfoAsync(lab, "stats", "evicted_keys")} keys evicted; reported: {load.LostLists} lists, {load.LostSessions} sessions, {load.LossesRead} by readers");
        Assert.True(load.LostLists > 0 && load.LostSessions > 0 && load.LossesRead > 0, "the server evicted too little for anything to be shown");

        // From here on nothing is evicted, so that what there is can be compared.
        await lab.Server.ConfigSetAsync("maxmemory", 0);
        await AssertIndexesAgreeAsync(lab, reader, areSpared: policy.StartsWith("volatile", StringComparison.Ordinal));
    }

    /// <summary>Asserts that reaping makes indexes and sessions agree. A session whose entries are gone from all three indexes comes back by its next write.</summary>
    private static async Task AssertIndexesAgreeAsync(RedisLab lab, RedisSessionStore store, bool areSpared)
    {
        var stored = (await lab.KeysAsync()).Select(key => key.Split(":session:")).Where(parts => parts.Length == 2).Select(parts => new SessionId(parts[1])).ToHashSet();
        await Poll.UntilAsync(
            async () =>
            {
                await store.ReapExpiredSessionsAsync(Ct);
                var listed = await ListAsync(store);
                return listed.IsSubsetOf(stored) && await store.CountSessionsAsync(Ct) == listed.Count && (!areSpared || listed.Count == stored.Count);
            },
            "count and list name the sessions that there are");

        foreach (var id in stored)
        {
            Assert.True(await store.TouchSessionAsync(id, Ct));
        }

        Assert.Equal(stored, await ListAsync(store));
        Assert.Equal(stored.Count, await store.CountSessionsAsync(Ct));
    }

    private static async Task<HashSet<SessionId>> ListAsync(RedisSessionStore store) => [.. await store.ListSessionsAsync(cancellationToken: Ct).Select(session => session.Id).ToListAsync(Ct)];

    private static async Task<long> InfoAsync(RedisLab lab, string section, string name) =>
        long.Parse((await lab.Server.InfoAsync(section)).SelectMany(group => group).First(entry => entry.Key == name).Value, System.Globalization.CultureInfo.InvariantCulture);
}
