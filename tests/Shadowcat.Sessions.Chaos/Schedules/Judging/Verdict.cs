namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>Which promise was broken.</summary>
/// <param name="Promise">The promise.</param>
/// <param name="By">The kind of call with whose end, or command, it came to light; null where it was none.</param>
/// <param name="Why">What is wrong, to be read.</param>
internal sealed record Verdict(BrokenPromise Promise, Mutation? By, string Why)
{
    /// <summary>What it has in common with others of its kind.</summary>
    public string Kind => By is { } mutation ? $"{Promise} by {mutation}" : Promise.ToString();
}
