using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>A get that is measured and traced against the same command past what measures, 64 callers, 1000 sessions.</summary>
internal abstract class TelemetryRow : Row
{
    private const int Callers = 64;
    private const int Sessions = 1000;

    public override string Unit => "sessions/s";

    protected static async Task<ContestResult> MeasureAsync(Bench bench, IMeterFactory? meterFactory)
    {
        var ids = await SampleSessions.CreateAsync(bench.Store, Sessions);
        var redis = new RedisSessionStoreOptions { Configuration = bench.Endpoint, KeyPrefix = bench.Prefix, Partitions = 1 };
        await using var backend = new RedisBackend(RedisConnection.Open(redis), redis, NullLogger.Instance, SessionMetrics.Of(meterFactory));
        var contest = await Contest.RunAsync(new BackendGet(backend, ids, measured: true), new BackendGet(backend, ids, measured: false), Callers, bench.Pace);
        await SampleSessions.DeleteAsync(bench.Store, ids);
        return contest;
    }
}
