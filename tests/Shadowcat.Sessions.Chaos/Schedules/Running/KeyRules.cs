using Shadowcat.Sessions.Chaos.Schedules.Judging;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>What holds of the keys when nothing is under way any more and what expired was reaped.</summary>
internal static class KeyRules
{
    /// <summary>Finds a rule that does not hold; null where all do.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="lives">Whether there is a session.</param>
    /// <param name="counted">How many sessions the store counts.</param>
    public static (BrokenPromise Promise, string Why)? FindBroken(IReadOnlyList<SessionKey> keys, bool lives, long counted)
    {
        foreach (var key in keys)
        {
            if (key is { IsOwn: true, Ends: false })
            {
                return (BrokenPromise.KeyWithoutEnd, $"{key.Name} ({key.Kind}) has no time to live");
            }

            if (!lives && key is { IsOwn: true, Kind: "hash" or "list" })
            {
                return (BrokenPromise.KeyLeftOver, $"{key.Name} ({key.Kind}) is left, and there is no session");
            }

            if (key is { IsOwn: false, Kind: "set" or "zset" } && key.NamesSession != lives)
            {
                return (BrokenPromise.IndexDisagrees, $"{key.Name} {(lives ? "does not name the session that is there" : "names a session that is not there")}");
            }
        }

        return lives && keys.Count(key => key is { IsOwn: true, Kind: "list" }) > 1 ? (BrokenPromise.KeyLeftOver, "there are two lists of frames")
            : lives && !keys.Any(key => key.NamesSession) ? (BrokenPromise.IndexDisagrees, "no index names the session that is there")
            : counted != (lives ? 1 : 0) ? (BrokenPromise.IndexDisagrees, FormattableString.Invariant($"the store counts {counted} sessions"))
            : null;
    }
}
