using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Write;

/// <summary>Something that 64 callers do to sessions, against the same by hand.</summary>
internal abstract class WriteRow : Row
{
    private const int Callers = 64;

    public override string Unit => "sessions/s";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var (ours, reference) = NewSides(bench);
        return Throughput(await Contest.RunAsync(ours, reference, Callers, bench.Pace));
    }

    protected abstract (IRunnable Ours, IRunnable Reference) NewSides(Bench bench);
}
