namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>How a call ended.</summary>
/// <param name="Outcome">What its caller knows.</param>
/// <param name="Value">What it returned, where it was done.</param>
/// <param name="Error">What it threw, where it was not.</param>
internal readonly record struct CallResult<T>(Outcome Outcome, T? Value, Exception? Error)
{
    public bool IsDone => Outcome == Outcome.Done;
}
