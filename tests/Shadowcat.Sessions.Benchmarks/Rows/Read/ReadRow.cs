using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

/// <summary>Something that 64 callers do to sessions that are there and have frames.</summary>
internal abstract class ReadRow(int sessions) : Row
{
    private const int Callers = 64;

    public override string Unit => "sessions/s";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var ids = await SampleSessions.CreateAsync(bench.Store, sessions);
        await Task.WhenAll(ids.Select(id => bench.Store.AddFrameAsync(Messages.Envelope(id, 0)).AsTask()));
        var (ours, reference) = NewSides(bench, [.. (await bench.Store.GetSessionsAsync(ids)).Select(session => session!)]);
        var contest = await Contest.RunAsync(ours, reference, Callers, bench.Pace);
        await SampleSessions.DeleteAsync(bench.Store, ids);
        return Throughput(contest);
    }

    protected abstract (IRunnable Ours, IRunnable Reference) NewSides(Bench bench, Session[] sessions);
}
