using System.Diagnostics;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows;

/// <summary>A piece of the library alone, on one thread, without a server.</summary>
internal abstract class OneThreadRow : Row
{
    private const int CallsPerSample = 10_000;
    private const int SamplesPerRound = 20;

    public override string Unit => "ns";

    public override Task<RowResult> RunAsync(Bench bench)
    {
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < bench.Pace.WarmUp;)
        {
            Repeat(CallsPerSample);
        }

        var nanoseconds = new List<double>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var samples = bench.Pace.Rounds * SamplesPerRound;
        nanoseconds.EnsureCapacity(samples);
        for (var i = 0; i < samples; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            Repeat(CallsPerSample);
            nanoseconds.Add(Stopwatch.GetElapsedTime(begin).TotalNanoseconds / CallsPerSample);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        // What the list and the clock allocated is spread over a million calls and more: it disappears in the rounding.
        var bytes = Math.Round((double)allocated / samples / CallsPerSample, 2);
        nanoseconds.Sort();
        var latencies = new Latencies(At(0.5) / 1e6, At(0.95) / 1e6, At(0.99) / 1e6);
        return Task.FromResult(new RowResult(this, new Figures(At(0.5), Reference: null, Ratio: null), latencies, bytes));

        double At(double quantile) => nanoseconds[(int)(quantile * (nanoseconds.Count - 1))];
    }

    protected abstract void Repeat(int calls);
}
