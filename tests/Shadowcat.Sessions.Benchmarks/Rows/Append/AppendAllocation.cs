using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

/// <summary>The garbage of <see cref="AppendTo1000Sessions"/>: what an append allocates beside as many bytes as it stores.</summary>
internal sealed class AppendAllocation() : AppendRow(callers: 64, sessions: 1000)
{
    public override string Name => "append.allocated";

    public override int Place => 150;

    public override string Subject => "bytes allocated per append beyond the stored bytes; the reference is RPUSH of a ready-made frame";

    public override string Unit => "B";

    public override Goal Goal => Goal.OursAtMost(400, 130);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var contest = await MeasureAsync(bench);
        var stored = Messages.Envelopes(SessionId.New(), 8).Average(frame => FrameFormat.Encode(frame).Length);
        var beyond = contest.Allocated - stored;
        var reference = Spread.Of(contest.Reference.Select(round => round.AllocatedPerCall)).Median;
        var ratio = Spread.Of(contest.Ours.Zip(contest.Reference, (ours, rpush) => (ours.AllocatedPerCall - stored) / rpush.AllocatedPerCall));
        return new RowResult(this, new Figures(beyond, reference, ratio), contest.Latencies, contest.Allocated);
    }
}
