using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Recording;

internal class RecordedCall : RecordedCallRow
{
    public override string Name => "record.call";

    public override int Place => 440;

    public override string Subject => "median tool call over Streamable HTTP to a server that records into Redis vs one that does not, in one process, 1 caller";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var (result, recorded, dropped) = await MeasureAsync(bench, bench.Store);
        return dropped == 0 && recorded > 0
            ? result
            : throw new InvalidOperationException($"Not everything was recorded: {recorded} messages were, {dropped} were not.");
    }
}
