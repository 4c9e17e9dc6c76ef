using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>What metrics cost the operation that there is most of.</summary>
internal sealed class TelemetryOfAppends : Row
{
    private const int Callers = 64;
    private const int Sessions = 64;

    public override string Name => "telemetry.append";

    public override int Place => 730;

    public override string Subject => "append with metrics listened to vs not, 64 callers, 64 sessions";

    public override string Unit => "frames/s";

    public override Goal? Goal => null;

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        using var listening = new ListeningMeterFactory(spans: false);
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = bench.Endpoint, KeyPrefix = bench.Prefix, Partitions = 1 }, meterFactory: listening);
        return Throughput(await Contest.RunAsync(
            new AppendOperation(store, Sessions, bench.SettleAsync), new AppendOperation(bench.Store, Sessions, bench.SettleAsync), Callers, bench.Pace));
    }
}
