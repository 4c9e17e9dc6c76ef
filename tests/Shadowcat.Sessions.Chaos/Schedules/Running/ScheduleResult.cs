using Shadowcat.Sessions.Chaos.Schedules.Judging;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>What came of a schedule.</summary>
/// <param name="Schedule">The schedule, to be run again.</param>
/// <param name="Log">What happened, step by step, to be read.</param>
/// <param name="Broken">The promise that was broken; null where all were kept.</param>
internal sealed record ScheduleResult(Schedule Schedule, IReadOnlyList<string> Log, Verdict? Broken)
{
    public override string ToString() => string.Join(
        '\n', [Broken is null ? "every promise was kept" : $"{Broken.Kind}: {Broken.Why}", $"  --schedule \"{Schedule}\"", .. Log.Select((line, number) => FormattableString.Invariant($"  {number + 1,2}. {line}"))]);
}
