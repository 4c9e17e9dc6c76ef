using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

/// <summary>An append of ours against another way to keep a message, with 64 callers.</summary>
internal abstract class AppendAgainst(int sessions) : Row
{
    protected const int Callers = 64;

    public override string Unit => "frames/s";

    public override async Task<RowResult> RunAsync(Bench bench) => Throughput(await Contest.RunAsync(
        new AppendOperation(bench.Store, sessions, bench.SettleAsync), NewReference(bench), Callers, bench.Pace));

    protected abstract IRunnable NewReference(Bench bench);
}
