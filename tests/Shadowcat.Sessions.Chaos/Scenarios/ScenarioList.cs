namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>Every scenario there is.</summary>
internal static class ScenarioList
{
    /// <summary>The name for all of them.</summary>
    public const string Everything = "all";

    public static IReadOnlyList<(string Name, Func<Scenario> Create)> All { get; } =
    [
        Entry<KillAndRestart>(),
        Entry<Freeze>(),
        Entry<BufferedOutage>(),
        Entry<LostReplies>(),
        Entry<SlowNetwork>(),
        Entry<CutNetwork>(),
        Entry<ScriptFlush>(),
        Entry<ClientKill>(),
        Entry<MemoryLimit>(),
        Entry<ClientClock>(),
        Entry<ClusterSwitch>(),
        Entry<ClusterKill>(),
        Entry<SlotMigration>(),
        Entry<SentinelSwitch>(),
        Entry<SentinelKill>(),
    ];

    private static (string, Func<Scenario>) Entry<T>()
        where T : Scenario, new() => (new T().Name, () => new T());
}
