using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Redis;

/// <summary>What the Redis store measures beside what every store does, under the same meter: one set of instruments for each meter factory, and one for all who have none.</summary>
internal sealed class RedisMetrics
{
    private static readonly ConditionalWeakTable<IMeterFactory, RedisMetrics> OfFactories = [];

    private static readonly RedisMetrics OfProcess = new(new Meter(SessionTelemetry.MeterName, Version));

    private readonly StoreLevels _levels = new();

    private RedisMetrics(Meter meter)
    {
        BatchFrames = meter.CreateHistogram(
            "shadowcat.sessions.append.batch_size", "{frame}", "Frames that went to the server together, those of any number of callers.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        Retries = meter.CreateCounter<long>(
            "shadowcat.sessions.retries", "{retry}", "Commands that were sent once more because the server had not served them.");
        BreakerTransitions = meter.CreateCounter<long>(
            "shadowcat.sessions.breaker.transitions", "{transition}", "Circuits that opened because a server had not answered, or closed because it did again.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.append.queue.frames", () => _levels.Sum(static store => store.QueuedFrames), "{frame}", "Frames that wait for the server or are on their way.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.append.queue.size", () => _levels.Sum(static store => store.QueuedBytes), "By", "Bytes of these frames, as stored.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.breaker.open", () => _levels.Sum(static store => store.OpenCircuits), "{circuit}", "Circuits that are open: servers that calls are not sent to.");
    }

    public Histogram<int> BatchFrames { get; }

    public Counter<long> Retries { get; }

    private static string? Version => typeof(SessionTelemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>With the tag <c>shadowcat.sessions.breaker.state</c>: one of <see cref="BreakerState"/>.</summary>
    private Counter<long> BreakerTransitions { get; }

    /// <summary>The instruments of a factory.</summary>
    /// <param name="factory">Makes the meter, and disposes of it with itself; null for the process's own.</param>
    public static RedisMetrics Of(IMeterFactory? factory) => factory is null
        ? OfProcess
        : OfFactories.GetValue(factory, static key => new RedisMetrics(key.Create(new MeterOptions(SessionTelemetry.MeterName) { Version = Version })));

    /// <summary>Counts a circuit that opened or closed.</summary>
    /// <param name="state">One of <see cref="BreakerState"/>.</param>
    public void Switched(string state) => BreakerTransitions.Add(1, new KeyValuePair<string, object?>(BreakerState.Tag, state));

    /// <summary>Lets the levels of a store be observed until what is returned is disposed of.</summary>
    public IDisposable Observe(IStoreLevels store) => _levels.Add(store);
}
