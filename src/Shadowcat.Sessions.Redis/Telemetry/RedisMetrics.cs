using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Redis;

/// <summary>What the Redis store measures beside what every store does, under the same meter: one set of instruments for each meter factory, and one for all who have none.</summary>
internal sealed class RedisMetrics
{
    private static readonly ConditionalWeakTable<IMeterFactory, RedisMetrics> OfFactories = [];

    private static readonly RedisMetrics OfProcess = new(new Meter(SessionTelemetry.MeterName, Version));

    private readonly StoreLevels _levels = new();
    private readonly KeyValuePair<string, object?>[] _storeTags;
    private readonly Histogram<int> _batchFrames;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _breakerTransitions;

    private RedisMetrics(Meter meter)
    {
        _storeTags = SessionTelemetry.StoreTagsOf(meter);
        _batchFrames = meter.CreateHistogram(
            "shadowcat.sessions.append.batch_size", "{frame}", "Frames that went to the server together, those of any number of callers.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        _retries = meter.CreateCounter<long>(
            "shadowcat.sessions.retries", "{retry}", "Commands that were sent once more because the server had not served them.");
        _breakerTransitions = meter.CreateCounter<long>(
            "shadowcat.sessions.breaker.transitions", "{transition}", "Circuits that opened because a server had not answered, or closed because it did again.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.append.queue.frames", () => Sum(static store => store.QueuedFrames), "{frame}", "Frames that wait for the server or are on their way.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.append.queue.size", () => Sum(static store => store.QueuedBytes), "By", "Bytes of these frames, as stored.");
        meter.CreateObservableUpDownCounter(
            "shadowcat.sessions.breaker.open", () => Sum(static store => store.OpenCircuits), "{circuit}", "Circuits that are open: servers that calls are not sent to.");
    }

    private static string? Version =>
        typeof(SessionTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    /// <summary>The instruments of a factory.</summary>
    /// <param name="factory">Makes the meter, and disposes of it with itself; null for the process's own.</param>
    public static RedisMetrics Of(IMeterFactory? factory) => factory is null
        ? OfProcess
        : OfFactories.GetValue(factory, static key => new RedisMetrics(key.Create(new MeterOptions(SessionTelemetry.MeterName) { Version = Version })));

    /// <summary>Counts a circuit that opened or closed.</summary>
    /// <param name="state">One of <see cref="BreakerState"/>.</param>
    public void Switched(string state) => _breakerTransitions.Add(1, new TagList(_storeTags) { { BreakerState.Tag, state } });

    /// <summary>Counts frames that went to the server together.</summary>
    public void Sent(int frames) => _batchFrames.Record(frames, _storeTags);

    /// <summary>Counts a command that is sent once more.</summary>
    public void Retried() => _retries.Add(1, _storeTags);

    /// <summary>Lets the levels of a store be observed until what is returned is disposed of.</summary>
    public IDisposable Observe(IStoreLevels store) => _levels.Add(store);

    private Measurement<long> Sum(Func<IStoreLevels, long> level) => new(_levels.Sum(level), _storeTags);
}
