using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>A get that is measured and traced against the same command past what measures, over one connection, of one of 1000 sessions.</summary>
internal abstract class TelemetryRow : Row
{
    private const int Sessions = 1000;

    public override string Unit => "sessions/s";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        using var factory = MeterFactory();
        var ids = await SampleSessions.CreateAsync(bench.Store, Sessions);
        var redis = new RedisSessionStoreOptions { Configuration = bench.Endpoint, KeyPrefix = bench.Prefix, Partitions = 1 };
        await using var backend = new RedisBackend(RedisConnection.Create(redis, NoServices.Instance, NullLogger.Instance), redis, NullLogger.Instance, factory);
        var result = await MeasureAsync(new BackendGet(backend, ids, measured: true), new BackendGet(backend, ids, measured: false), bench.Pace);
        await SampleSessions.DeleteAsync(bench.Store, ids);
        return result;
    }

    /// <summary>Whose meters are listened to; null where nobody listens.</summary>
    protected virtual IMeterFactory? MeterFactory() => null;

    /// <summary>Measures the difference, which is far below what callers side by side differ by chance.</summary>
    protected virtual async Task<RowResult> MeasureAsync(BackendGet measured, BackendGet bare, Pace pace)
    {
        var contest = await PairedContest.RunAsync(measured, bare, pace);
        return new RowResult(this, contest.Figures(round => round.CallsPerSecond), contest.Latencies, Allocated: null);
    }
}
