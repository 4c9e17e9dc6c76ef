using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>What the library measures, under the meter <c>Shadowcat.Sessions</c>: one set of instruments for each meter factory, and one for all who have none.</summary>
internal sealed class SessionMetrics
{
    private static readonly ConditionalWeakTable<IMeterFactory, SessionMetrics> OfFactories = [];

    private static readonly SessionMetrics OfProcess = new(new Meter(SessionTelemetry.MeterName, SessionTelemetry.Version));

    private readonly ObservedLevels _bufferedFrames = new();
    private readonly KeyValuePair<string, object?>[] _storeTags;

    private SessionMetrics(Meter meter)
    {
        _storeTags = SessionTelemetry.StoreTagsOf(meter);
        OperationDuration = meter.CreateHistogram(
            "db.client.operation.duration", "s", "Duration of database client operations.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
        AppendedFrames = meter.CreateCounter<long>(
            "shadowcat.sessions.frames.appended", "{frame}", "Frames that the store acknowledged.");
        CacheRequests = meter.CreateCounter<long>(
            "shadowcat.sessions.cache.requests", "{session}", "Sessions that were asked of a cache.");
        ReplayedFrames = meter.CreateCounter<long>(
            "shadowcat.sessions.buffer.replayed", "{frame}", "Frames that were stored after they had waited through an outage.");
        RefusedFrames = meter.CreateCounter<long>(
            "shadowcat.sessions.buffer.refused", "{frame}", "Frames that were refused because a buffer was full.");
        LostFrames = meter.CreateCounter<long>(
            "shadowcat.sessions.buffer.lost", "{frame}", "Accepted frames that were given up.");
        ReapedSessions = meter.CreateCounter<long>(
            "shadowcat.sessions.reaped", "{session}", "Expired sessions whose remains this process reclaimed.");
        UnreadableSessions = meter.CreateCounter<long>(
            "shadowcat.sessions.unreadable", "{session}", "Stored sessions that could not be read and were passed over in a listing.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.buffer.frames", () => new Measurement<long>(_bufferedFrames.Sum(), _storeTags), "{frame}", "Frames in buffers, those on their way to the store among them.");
    }

    /// <summary>The name of the store, for every measurement; empty where it has none.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> StoreTags => _storeTags;

    /// <summary>Its count is the number of operations, and with the tag <c>error.type</c> that of errors.</summary>
    /// <seealso href="https://opentelemetry.io/docs/specs/semconv/db/database-metrics/"/>
    public Histogram<double> OperationDuration { get; }

    public Counter<long> AppendedFrames { get; }

    /// <summary>With the tag <c>shadowcat.sessions.cache.result</c>: one of <see cref="CacheResult"/>.</summary>
    public Counter<long> CacheRequests { get; }

    /// <summary>Counts sessions that were asked of a cache.</summary>
    /// <param name="result">One of <see cref="CacheResult"/>.</param>
    /// <param name="sessions">How many.</param>
    public void Cached(string result, int sessions = 1)
    {
        if (CacheRequests.Enabled && sessions > 0)
        {
            CacheRequests.Add(sessions, new TagList(_storeTags) { { TagNames.CacheResult, result } });
        }
    }

    public Counter<long> ReplayedFrames { get; }

    public Counter<long> RefusedFrames { get; }

    public Counter<long> LostFrames { get; }

    public Counter<long> ReapedSessions { get; }

    public Counter<long> UnreadableSessions { get; }

    /// <summary>The instruments of a factory.</summary>
    /// <param name="factory">Makes the meter, and disposes of it with itself; null for the process's own.</param>
    public static SessionMetrics Of(IMeterFactory? factory) => factory is null
        ? OfProcess
        : OfFactories.GetValue(factory, static key => new SessionMetrics(key.Create(new MeterOptions(SessionTelemetry.MeterName) { Version = SessionTelemetry.Version })));

    /// <summary>Lets how many frames wait in a buffer be observed until what is returned is disposed of.</summary>
    public IDisposable ObserveBufferedFrames(Func<long> level) => _bufferedFrames.Add(level);
}
