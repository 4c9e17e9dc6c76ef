namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>Something that can be measured for one round.</summary>
internal interface IRunnable
{
    Task<Round> RunAsync(int callers, TimeSpan duration);
}
