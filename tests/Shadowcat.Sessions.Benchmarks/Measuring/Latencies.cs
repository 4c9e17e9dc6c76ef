using HdrHistogram;

namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>Percentiles in milliseconds.</summary>
internal sealed record Latencies(double P50, double P95, double P99)
{
    public static Latencies Of(HistogramBase nanoseconds) => new(
        nanoseconds.GetValueAtPercentile(50) / 1e6, nanoseconds.GetValueAtPercentile(95) / 1e6, nanoseconds.GetValueAtPercentile(99) / 1e6);
}
