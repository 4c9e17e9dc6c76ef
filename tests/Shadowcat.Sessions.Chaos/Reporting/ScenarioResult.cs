using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Chaos.Workload;

namespace Shadowcat.Sessions.Chaos.Reporting;

/// <summary>What a scenario showed. Times are in milliseconds.</summary>
/// <param name="Name">Which scenario.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="Kept">Whether every promise was kept.</param>
/// <param name="Disturbances">How often something was broken.</param>
/// <param name="Appended">Frames that were acknowledged.</param>
/// <param name="Failures">Which errors callers got, and how often.</param>
/// <param name="LongestUnavailable">From the beginning of a disturbance until everybody worked again, at most.</param>
/// <param name="MedianRecovery">From the return of the server until everybody worked again.</param>
/// <param name="LongestRecovery">The same, at most.</param>
/// <param name="LongestCall">How long the longest call took that the operation timeout bounds.</param>
/// <param name="Stalled">How long the process itself did not get to run in all, which no call is blamed for.</param>
/// <param name="LostByServers">Acknowledged frames that a failover lost because servers replicate after they acknowledge.</param>
/// <param name="Broken">The broken promises by kind.</param>
/// <param name="Descriptions">The first of them.</param>
internal sealed record ScenarioResult(
    string Name,
    double Seconds,
    bool Kept,
    int Disturbances,
    long Appended,
    IReadOnlyDictionary<string, int> Failures,
    double? LongestUnavailable,
    double? MedianRecovery,
    double? LongestRecovery,
    double LongestCall,
    double Stalled,
    int LostByServers,
    IReadOnlyDictionary<Breach, int> Broken,
    IReadOnlyList<string> Descriptions)
{
    /// <summary>What the linearizability check decided, where there was one.</summary>
    public JudgedHistories? Judged { get; init; }

    /// <summary>Pieces of histories that nothing explains.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = [];

    /// <summary>What the servers said of one another, where a promise was broken.</summary>
    public IReadOnlyCollection<string> Events { get; init; } = [];

    public static ScenarioResult Of(
        string name, TimeSpan elapsed, IReadOnlyList<Disturbance> disturbances, long appended, Calls calls, TimeSpan stalled, int lostByServers, Findings findings)
    {
        var recoveries = disturbances.Select(disturbance => disturbance.Recovery.TotalMilliseconds).Order().ToList();
        return new ScenarioResult(
            name,
            elapsed.TotalSeconds,
            !findings.Any,
            disturbances.Count,
            appended,
            calls.Failures.ToDictionary(StringComparer.Ordinal),
            disturbances.Count > 0 ? disturbances.Max(disturbance => disturbance.Total.TotalMilliseconds) : null,
            recoveries.Count > 0 ? recoveries[recoveries.Count / 2] : null,
            recoveries.Count > 0 ? recoveries[^1] : null,
            calls.Longest.TotalMilliseconds,
            stalled.TotalMilliseconds,
            lostByServers,
            findings.Counts,
            [.. findings.Descriptions]);
    }

    /// <summary>How many promises of these kinds were broken.</summary>
    public int Of(params Breach[] kinds) => kinds.Sum(kind => Broken.GetValueOrDefault(kind));
}
