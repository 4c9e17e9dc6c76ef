using Shadowcat.Sessions.Chaos.Schedules.Judging;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>What holds of the keys when nothing is under way any more and what expired was reaped.</summary>
internal static class KeyRules
{
    /// <summary>What may lie between two times to live of the same deadline, in ms: a busy machine may keep the server from asking for one right behind the other.</summary>
    private const long Tolerance = 500;

    /// <summary>Finds a rule that does not hold; null where all do.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="lives">Whether there is a session.</param>
    /// <param name="counted">How many sessions the store counts.</param>
    public static Verdict? FindBroken(IReadOnlyList<SessionKey> keys, bool lives, long counted)
    {
        foreach (var key in keys)
        {
            if (key is { IsOwn: true, TimeToLive: < 0 })
            {
                return new Verdict(BrokenPromise.KeyWithoutEnd, By: null, $"{key.Name} ({key.Kind}) has no time to live");
            }

            if (!lives && key is { IsOwn: true, Kind: "hash" or "list" })
            {
                return new Verdict(BrokenPromise.KeyLeftOver, By: null, $"{key.Name} ({key.Kind}) is left, and there is no session");
            }

            if (key is { IsOwn: true, Kind: "list" } && keys.Any(session => session is { IsOwn: true, Kind: "hash" } && key.TimeToLive < session.TimeToLive - Tolerance))
            {
                return new Verdict(BrokenPromise.FramesEndEarly, By: null, $"{key.Name} ends before its session does");
            }

            // What else there is for all sessions is no index: idempotency records name sessions that ended.
            if (key is { IsOwn: false, Kind: "set" or "zset" } && key.Name.Contains(":sessions:", StringComparison.Ordinal) && key.NamesSession != lives)
            {
                return new Verdict(BrokenPromise.IndexDisagrees, By: null, $"{key.Name} {(lives ? "does not name the session that is there" : "names a session that is not there")}");
            }
        }

        return lives && keys.Count(key => key is { IsOwn: true, Kind: "list" }) > 1 ? new Verdict(BrokenPromise.KeyLeftOver, By: null, "there are two lists of frames")
            : lives && !keys.Any(key => key.NamesSession) ? new Verdict(BrokenPromise.IndexDisagrees, By: null, "no index names the session that is there")
            : counted != (lives ? 1 : 0) ? new Verdict(BrokenPromise.IndexDisagrees, By: null, FormattableString.Invariant($"the store counts {counted} sessions"))
            : null;
    }
}
