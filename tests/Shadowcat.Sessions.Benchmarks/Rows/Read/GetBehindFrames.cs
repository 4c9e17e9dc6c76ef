using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

/// <summary>What <see cref="RedisSessionStoreOptions.ConnectionCount"/> is for: a small answer behind large ones.</summary>
internal abstract class GetBehindFrames(int frameBytes) : Row
{
    private const int TotalBytes = 64 * 1024 * 1024;
    private const int Readings = 8;
    private const int Connections = 3;

    private static readonly TimeSpan Unbounded = TimeSpan.FromMinutes(5);

    public override string Unit => "ms";

    public override Goal? Goal => null;

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var ids = await SampleSessions.CreateAsync(bench.Store, 1);
        for (var i = 0; i < TotalBytes / frameBytes; i++)
        {
            await bench.Store.AddFrameAsync(
                new MessageEnvelope(ids[0], MessageDirection.ClientToServer, TransportType.StreamableHttp, new byte[frameBytes], TimeProvider.System.GetUtcNow()));
        }

        await using var several = bench.NewStore(Connections);
        await using var one = bench.NewStore();
        var contest = await Contest.RunAsync(NewSide(several, ids[0]), NewSide(one, ids[0]), callers: 1, bench.Pace with { WarmUp = Unbounded, Round = Unbounded });
        await SampleSessions.DeleteAsync(bench.Store, ids);
        return new RowResult(this, contest.Figures(static round => round.Milliseconds(99)), contest.Latencies, Allocated: null);
    }

    private static Bystander NewSide(RedisSessionStore store, SessionId id)
    {
        var reading = new BorrowOperation(store, id);
        return new Bystander(store, id, async () =>
        {
            for (var i = 0; i < Readings; i++)
            {
                await reading.CallAsync(0, i);
            }
        });
    }
}
