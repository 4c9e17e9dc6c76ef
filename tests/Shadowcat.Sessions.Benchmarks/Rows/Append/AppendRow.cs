using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

/// <summary>An append of ours against a bare RPUSH, with so many callers and sessions.</summary>
internal abstract class AppendRow(int callers, int sessions) : Row
{
    public override string Subject => $"append vs RPUSH, {callers} callers, {sessions} sessions";

    public override string Unit => "frames/s";

    public override async Task<RowResult> RunAsync(Bench bench) => Throughput(await MeasureAsync(bench));

    protected Task<ContestResult> MeasureAsync(Bench bench) => bench.OnceAsync(
        $"append {callers} {sessions}",
        () => Contest.RunAsync(
            new AppendOperation(bench.Store, sessions, bench.SettleAsync), new BareRPush(bench, sessions), callers, bench.Pace));
}
