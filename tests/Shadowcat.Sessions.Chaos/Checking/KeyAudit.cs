using System.Globalization;
using Shadowcat.Sessions.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>Compares the keys on the servers with each other and with the sessions that live, by the layout that docs/redis.md describes.</summary>
/// <param name="connection">The servers.</param>
/// <param name="prefix">What the keys begin with.</param>
/// <param name="found">Takes what is wrong.</param>
/// <param name="endTogether">Whether the keys of a session go at the same moment. A server whose clock is set forth drops each key when it comes to it; what it has not come to when the clock is set back stays until its own deadline.</param>
internal sealed class KeyAudit(IConnectionMultiplexer connection, string prefix, Action<string> found, bool endTogether = true)
{
    /// <summary>How far the ends of a session and its frames may be apart: they are looked at one after the other.</summary>
    private static readonly TimeSpan Accuracy = TimeSpan.FromSeconds(2);

    private static readonly string[] Indexes = ["}:sessions:active", "}:sessions:expiry", "}:sessions:index"];

    public KeyAudit(IConnectionMultiplexer connection, string prefix, Findings findings)
        : this(connection, prefix, what => findings.Add(Breach.Orphan, what))
    {
    }

    private IDatabase Database => connection.GetDatabase();

    /// <summary>Looks whether every key and every entry belongs to a session that has a key itself, and ends with it.</summary>
    public async Task CheckAsync()
    {
        var keys = await KeysAsync();
        var sessions = keys.Where(key => IsOf(key, "session") is not null).ToDictionary(key => IsOf(key, "session")!, StringComparer.Ordinal);
        await CheckAsync(keys, sessions.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var key in keys)
        {
            if (OwnerOf(key) is { } owner && sessions.TryGetValue(owner, out var session)
                && await Database.KeyTimeToLiveAsync(key) is { } frames && await Database.KeyTimeToLiveAsync(session) is { } end && (frames - end).Duration() > Accuracy)
            {
                found($"{key} does not end with its session.");
            }
        }
    }

    /// <summary>Looks whether every key and every entry belongs to one of these sessions.</summary>
    public async Task CheckAsync(IReadOnlySet<string> sessions) => await CheckAsync(await KeysAsync(), sessions);

    private async Task CheckAsync(List<string> keys, IReadOnlySet<string> sessions)
    {
        foreach (var key in keys)
        {
            if (IsOf(key, "session") is { } session)
            {
                await CheckAsync(key, session, sessions);
            }
            else if (OwnerOf(key) is { } owner)
            {
                await CheckAsync(key, owner, sessions);
            }
            else if (IsRemembered(key))
            {
                await CheckEndAsync(key);
            }
            else if (!IsIndex(key) && !IsRecord(key))
            {
                found($"{key} is no key of the layout.");
            }
        }

        foreach (var index in Indexes)
        {
            await CheckAsync(index, keys, sessions);
        }

        foreach (var index in keys.Where(key => key.EndsWith("}:sessions:index", StringComparison.Ordinal)))
        {
            await CheckTimesAsync(index);
        }
    }

    /// <summary>Looks whether each session stands in the index of listings where it was created.</summary>
    private async Task CheckTimesAsync(string index)
    {
        foreach (var entry in await Database.SortedSetRangeByRankAsync(index))
        {
            var (time, version) = await AtOnceAsync(transaction => (
                transaction.SortedSetScoreAsync(index, entry), transaction.HashGetAsync(SessionBeside(index, entry.ToString()), "version")));
            if (time is { } score && version.ToString().Split(' ') is [_, _, var created] && !string.Equals(created, score.ToString("F0", CultureInfo.InvariantCulture), StringComparison.Ordinal))
            {
                found($"{entry} stands in the index at {score:F0}, and was created at {created}.");
            }
        }
    }

    /// <summary>Looks whether anything is left; after every session was deleted.</summary>
    public async Task CheckEmptyAsync()
    {
        foreach (var key in (await KeysAsync()).Where(key => !IsRecord(key) && !IsRemembered(key)))
        {
            found($"{key} is left although no session is.");
        }
    }

    private static string? IsOf(string key, string kind) =>
        key.IndexOf($"}}:{kind}:", StringComparison.Ordinal) is var at and >= 0 ? key[(at + kind.Length + 3)..] : null;

    /// <summary>The session of a list of frames: in front of its id stands the token of the list.</summary>
    private static string? OwnerOf(string key) => IsOf(key, "frames") is { } list ? list[(list.IndexOf(':', StringComparison.Ordinal) + 1)..] : null;

    private static bool IsIndex(string key) => Array.Exists(Indexes, index => key.EndsWith(index, StringComparison.Ordinal));

    /// <summary>The layout, which stays.</summary>
    private bool IsRecord(string key) => key == $"{prefix}:layout";

    /// <summary>What is kept for a while for repetitions.</summary>
    private static bool IsRemembered(string key) => key.EndsWith("}:operations", StringComparison.Ordinal) || key.Contains("}:reaped:", StringComparison.Ordinal);

    private async Task CheckAsync(string key, string session, IReadOnlySet<string> sessions)
    {
        if (endTogether && !sessions.Contains(session) && await AtOnceAsync(transaction => (transaction.KeyExistsAsync(key), transaction.KeyExistsAsync(SessionBeside(key, session)))) is (true, false))
        {
            found($"{key} belongs to no session.");
        }

        await CheckEndAsync(key);
    }

    private async Task CheckEndAsync(string key)
    {
        // -1 for a key without an end; one that is gone by now has -2.
        if ((long)await Database.ExecuteAsync("PTTL", key) == -1)
        {
            found($"{key} has no time to live.");
        }
    }

    /// <summary>The key of a session in the partition of another key.</summary>
    private static string SessionBeside(string key, string session) => $"{key[..(key.IndexOf('}', StringComparison.Ordinal) + 1)]}:session:{session}";

    /// <summary>Asks two things at one moment: sessions come and go while keys are looked at.</summary>
    private async Task<(TOne, TOther)> AtOnceAsync<TOne, TOther>(Func<ITransaction, (Task<TOne>, Task<TOther>)> ask)
    {
        var transaction = Database.CreateTransaction();
        var (one, other) = ask(transaction);
        await transaction.ExecuteAsync();
        return (await one, await other);
    }

    private Task<(bool IsEntered, bool IsThere)> LookAtOnceAsync(string index, string session) => AtOnceAsync(transaction => (
        index.EndsWith("active", StringComparison.Ordinal) ? transaction.SetContainsAsync(index, session) : IsMemberAsync(transaction.SortedSetScoreAsync(index, session)),
        transaction.KeyExistsAsync(SessionBeside(index, session))));

    private static async Task<bool> IsMemberAsync(Task<double?> score) => await score is not null;

    private async Task CheckAsync(string index, IReadOnlyList<string> keys, IReadOnlySet<string> sessions)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keys.Where(key => key.EndsWith(index, StringComparison.Ordinal)))
        {
            var members = index.EndsWith("active", StringComparison.Ordinal) ? await Database.SetMembersAsync(key) : await Database.SortedSetRangeByRankAsync(key);
            foreach (var member in members)
            {
                entries[member.ToString()] = key;
            }
        }

        foreach (var (entry, key) in entries.Where(entry => !sessions.Contains(entry.Key)))
        {
            if (await LookAtOnceAsync(key, entry) is (true, false))
            {
                found($"an entry of {index[2..]} is no session: {entry}.");
            }
        }

        foreach (var session in sessions.Where(session => !entries.ContainsKey(session)))
        {
            var key = keys.FirstOrDefault(key => IsOf(key, "session") == session);
            if (key is null || await LookAtOnceAsync($"{key[..key.IndexOf('}', StringComparison.Ordinal)]}{index}", session) is (false, true))
            {
                found($"session {session} is not in {index[2..]}.");
            }
        }
    }

    /// <summary>A server that is not connected has keys, too.</summary>
    private async Task ConnectAsync()
    {
        try
        {
            await Poll.UntilAsync(() => Task.FromResult(Array.TrueForAll(connection.GetServers(), server => server.IsConnected)), "every server can be asked for its keys");
        }
        catch (TimeoutException exception)
        {
            found(exception.Message);
        }
    }

    private async Task<List<string>> KeysAsync()
    {
        await ConnectAsync();
        var keys = new List<string>();
        foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false, ServerType: not ServerType.Sentinel }))
        {
            await foreach (var key in server.KeysAsync(pattern: $"*{prefix}*", pageSize: 1000))
            {
                keys.Add(key.ToString());
            }
        }

        return [.. keys.Distinct(StringComparer.Ordinal)];
    }
}
