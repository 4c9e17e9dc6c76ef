using HdrHistogram;

namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>What one round gave.</summary>
/// <param name="Calls">How many calls completed.</param>
/// <param name="Elapsed">From the first call to the last answer.</param>
/// <param name="Latencies">How long each call took, in nanoseconds.</param>
/// <param name="Allocated">The managed bytes allocated meanwhile, in the whole process, less the harness's own.</param>
internal sealed record Round(long Calls, TimeSpan Elapsed, HistogramBase Latencies, long Allocated)
{
    public double CallsPerSecond => Calls / Elapsed.TotalSeconds;

    public double AllocatedPerCall => (double)Allocated / Calls;

    public double Milliseconds(double percentile) => Latencies.GetValueAtPercentile(percentile) / 1e6;
}
