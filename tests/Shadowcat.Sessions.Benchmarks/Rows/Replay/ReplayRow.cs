using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Replay;

/// <summary>Reading a session of 1000 frames of 1 KB from the first to the last, by one caller.</summary>
internal abstract class ReplayRow : Row
{
    protected const int Frames = 1000;

    public override string Unit => "frames/s";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var ids = await SampleSessions.CreateAsync(bench.Store, 1);
        await bench.Store.AddFramesAsync(ids[0], Messages.Envelopes(ids[0], Frames));
        var contest = await Contest.RunAsync(NewOurs(bench, ids[0]), await NewReferenceAsync(bench, ids[0]), callers: 1, bench.Pace);
        await SampleSessions.DeleteAsync(bench.Store, ids);
        return Throughput(contest, Frames);
    }

    protected virtual IRunnable NewOurs(Bench bench, SessionId id) => new ReplayOperation(bench.Store, id);

    protected abstract Task<IRunnable> NewReferenceAsync(Bench bench, SessionId id);
}
