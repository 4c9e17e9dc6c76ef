using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows;

/// <summary>What the server's memory grows by, everything included: keys, expiries, entries of the indexes, what the allocator rounds up.</summary>
internal sealed class SessionMemory : Row
{
    private const int Sessions = 300;
    private const int Frames = 100;
    private const int Rounds = 3;

    public override string Name => "memory.session100";

    public override int Place => 430;

    public override string Subject => "Redis memory of a session with 100 frames of 1 KB ÷ the encoded bytes of its frames";

    public override string Unit => "B";

    public override Goal Goal => Goal.RatioAtMost(1.25, 1.18);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var encoded = Messages.Envelopes(SessionId.New(), Frames).Sum(frame => (double)FrameFormat.Encode(frame).Length);
        var perSession = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = await bench.UsedMemoryAsync();
            var ids = await SampleSessions.CreateAsync(bench.Store, Sessions);
            for (var i = 0; i < Frames; i++)
            {
                await Task.WhenAll(ids.Select(id => bench.Store.AddFrameAsync(Messages.Envelope(id, i)).AsTask()));
            }

            perSession.Add((double)(await bench.UsedMemoryAsync() - before) / Sessions);
            await SampleSessions.DeleteAsync(bench.Store, ids);
            await bench.SettleAsync();
        }

        var figures = new Figures(Spread.Of(perSession).Median, encoded, Spread.Of(perSession.Select(bytes => bytes / encoded)));
        return new RowResult(this, figures, Latencies: null, Allocated: null);
    }
}
