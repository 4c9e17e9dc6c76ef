using Shadowcat.Sessions.Chaos.Schedules.Judging;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>What came of a schedule.</summary>
/// <param name="Schedule">The schedule, to be run again.</param>
/// <param name="Log">What happened, step by step, to be read.</param>
/// <param name="Broken">The promise that was broken; null where all were kept.</param>
/// <param name="Why">What is wrong; empty where nothing is.</param>
internal sealed record ScheduleResult(Schedule Schedule, IReadOnlyList<string> Log, BrokenPromise? Broken, string Why)
{
    public override string ToString() => string.Join(
        '\n', [$"{Broken?.ToString() ?? "kept"}: {Why}", $"  --schedule \"{Schedule}\"", .. Log.Select((line, number) => FormattableString.Invariant($"  {number + 1,2}. {line}"))]);
}
