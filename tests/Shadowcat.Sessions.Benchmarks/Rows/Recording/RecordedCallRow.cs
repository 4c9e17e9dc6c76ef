using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Benchmarks.Rows.Recording;

/// <summary>A tool call over Streamable HTTP to a server that records, against one that does not.</summary>
internal abstract class RecordedCallRow : Row
{
    private const int Shorter = 2;
    private const int MoreOften = 6;

    public override string Unit => "ms";

    public override Goal Goal => Goal.RatioAtMost(1.05, 1.02);

    protected async Task<(RowResult Result, long Recorded, long Dropped)> MeasureAsync(Bench bench, ISessionStore store)
    {
        ContestResult contest;
        SessionRecorder recorder;
        await using (var ours = await ToolCallOperation.StartAsync(store))
        {
            await using var reference = await ToolCallOperation.StartAsync(store: null);
            recorder = ours.Recorder!;

            // A few percent are looked for, and a machine changes its speed by more than that within a second: two rounds of the same server differ by a
            // tenth, so it takes many to show 2 %. A round is still ten times the delay with which messages are written, so what they cause falls into their own round.
            var pace = bench.Pace with { Rounds = bench.Pace.Rounds * MoreOften, Round = bench.Pace.Round / Shorter };
            contest = await CompareAsync(ours, reference, pace);
        }

        // The server has stopped: what was still on its way is written now, or counted.
        var result = new RowResult(this, contest.Figures(round => round.Milliseconds(50)), contest.Latencies, contest.Allocated);
        return (result, recorder.RecordedMessages, recorder.DroppedMessages);
    }

    private protected virtual Task<ContestResult> CompareAsync(ToolCallOperation ours, ToolCallOperation reference, Pace pace) =>
        Contest.RunAsync(ours, reference, callers: 1, pace);
}
