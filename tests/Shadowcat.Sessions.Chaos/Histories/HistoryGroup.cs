using Shadowcat.Sessions.Redis;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Stores with the same bounds, one of them with a buffer, as several processes have them.</summary>
/// <param name="Stores">The stores.</param>
/// <param name="Model">What their sessions promise.</param>
internal sealed record HistoryGroup(IReadOnlyList<HistoryStore> Stores, SessionModel Model)
{
    /// <summary>Few, so that sessions are full soon.</summary>
    private const int MostFrames = 12;

    /// <summary>How long a session lives that is not to end by itself, also where the server's clock is moved by hours.</summary>
    private static readonly TimeSpan LongLife = TimeSpan.FromDays(1);

    /// <summary>Makes the groups of a scenario: without a bound, and with one that trims or refuses.</summary>
    public static IReadOnlyList<HistoryGroup> Of(HistoryScenario scenario, ChaosOptions options)
    {
        List<HistoryGroup> groups = [Of("a", scenario, options, null, FrameOverflow.TrimOldest)];
        if (scenario.Mix.HasCaps)
        {
            groups.Add(Of("b", scenario, options, MostFrames, FrameOverflow.TrimOldest));
            groups.Add(Of("c", scenario, options, MostFrames, FrameOverflow.Refuse));
        }

        return groups;
    }

    private static HistoryGroup Of(string name, HistoryScenario scenario, ChaosOptions options, int? maxFrames, FrameOverflow overflow) => new(
        [.. Enumerable.Range(1, 4).Select(number => NewStore($"{name}{number}", isBuffered: number == 4, scenario, options, maxFrames, overflow))],
        new SessionModel(scenario.Time, maxFrames, overflow == FrameOverflow.Refuse));

    private static HistoryStore NewStore(string name, bool isBuffered, HistoryScenario scenario, ChaosOptions options, int? maxFrames, FrameOverflow overflow)
    {
        var redis = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = scenario.NewNetwork(), KeyPrefix = ScenarioRun.Prefix, OperationTimeout = options.OperationTimeout },
            new SessionStoreOptions { TimeToLive = LongLife, MaxFramesPerSession = maxFrames, FrameOverflow = overflow });
        return new HistoryStore(name, redis, isBuffered ? new BufferedSessionStore(redis) : null);
    }
}
