namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>What a closed loop calls again and again: one side of a comparison.</summary>
/// <typeparam name="T">What a call answers. The loop throws it away; a call that answers a task of it costs no wrapper.</typeparam>
internal abstract class Operation<T> : IRunnable
{
    /// <summary>After how many calls a caller ends, where it must not go on until the time is up.</summary>
    public virtual long CallsPerCaller => long.MaxValue;

    /// <summary>How many calls are timed together, where one takes not much longer than reading the clock.</summary>
    public virtual int CallsPerReading => 1;

    /// <summary>Makes what a round needs; not timed.</summary>
    public virtual Task BeginRoundAsync(int callers) => Task.CompletedTask;

    /// <summary>Removes what a round left, so that the next one finds what this one found; not timed.</summary>
    public virtual Task EndRoundAsync() => Task.CompletedTask;

    /// <summary>The operation. The numbers say who calls and how often it did before.</summary>
    public abstract ValueTask<T> CallAsync(int caller, long call);

    public Task<Round> RunAsync(int callers, TimeSpan duration) => ClosedLoop.RunAsync(this, callers, duration);
}
