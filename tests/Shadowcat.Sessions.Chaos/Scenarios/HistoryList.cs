using Shadowcat.Sessions.Chaos.Histories;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>Every scenario whose histories are judged.</summary>
internal static class HistoryList
{
    public static IReadOnlyList<(string Name, Func<HistoryScenario> Create)> All { get; } =
    [
        Entry<NetworkHistories>(),
        Entry<MovedAddress>(),
        Entry<OlderSnapshot>(),
        Entry<MovedServerClock>(),
    ];

    private static (string, Func<HistoryScenario>) Entry<T>()
        where T : HistoryScenario, new() => (new T().Name, () => new T());
}
