namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>One order in which everything of a plan happens. As text, it can be run again.</summary>
/// <param name="Plan">What is called.</param>
/// <param name="Steps">What happens, in order.</param>
internal sealed record Schedule(SchedulePlan Plan, IReadOnlyList<Step> Steps)
{
    private const string Separator = " | ";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is no schedule.</exception>
    public static Schedule Parse(string text) => text.Split(Separator.Trim()) is [var plan, var steps]
        ? new Schedule(SchedulePlan.Parse(plan), [.. steps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Step.Parse)])
        : throw new FormatException($"'{text}' is no schedule: it has a plan, a '|' and steps.");

    public override string ToString() => $"{Plan}{Separator}{string.Join(' ', Steps)}";
}
