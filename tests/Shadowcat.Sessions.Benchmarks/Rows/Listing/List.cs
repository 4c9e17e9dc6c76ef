using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Listing;

internal sealed class List : Row
{
    public override string Name => "list.100k";

    public override int Place => 500;

    public override string Subject => "listing 100 000 sessions vs one HGETALL after the other (the ids given), 1 caller";

    public override string Unit => "sessions/s";

    public override Goal Goal => Goal.RatioAtLeast(6, 11);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var ids = await ManySessions.CreateAsync(bench);
        var contest = await Contest.RunAsync(
            new ListOperation(bench.Store, ids.Length), new RawHashGetAll(bench, ids), callers: 1, ManySessions.Pace(bench));
        var ours = contest.Ours.Select(round => round.CallsPerSecond * ids.Length).ToList();
        var figures = new Figures(
            Spread.Of(ours).Median,
            Spread.Of(contest.Reference.Select(round => round.CallsPerSecond)).Median,
            Spread.Of(ours.Zip(contest.Reference, (rate, reference) => rate / reference.CallsPerSecond)));
        return new RowResult(this, figures, contest.Latencies, contest.Allocated / ids.Length);
    }
}
