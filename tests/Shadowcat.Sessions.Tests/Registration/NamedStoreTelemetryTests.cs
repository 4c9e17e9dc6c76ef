using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;
using Shadowcat.Sessions.Tests.Telemetry;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>Several stores in one application whose logs, measurements and spans look alike.</summary>
public sealed class NamedStoreTelemetryTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Tag = "shadowcat.sessions.store";

    /// <summary>The stores that have something to measure, and how often each was used.</summary>
    private static readonly (string? Name, int Frames)[] Stores = [(null, 1), ("archive", 2), ("b", 3)];

    [Fact]
    public async Task Measurements_AndSpans_SayWhichStoreTheyAreOf()
    {
        using var spans = new Spans();
        using var measured = new Measured();
        var services = new ServiceCollection().AddSingleton<IMeterFactory>(measured);
        services.AddShadowcatSessions().WithCaching().WithBuffering();
        services.AddShadowcatSessions("archive").UseRedis(_ => Lab.Connection, options => options.KeyPrefix = Lab.Prefix).WithCaching().WithBuffering();
        services.AddShadowcatSessions("b").WithCaching().WithBuffering();
        await using var provider = services.BuildServiceProvider();

        foreach (var (name, frames) in Stores)
        {
            var store = name is null ? provider.GetRequiredService<ISessionStore>() : provider.GetRequiredKeyedService<ISessionStore>(name);
            var session = await store.CreateSessionAsync(Make.Session(), Ct);
            await store.AddFramesAsync(session.Id, Make.Frames(session.Id, frames), Ct);
            await store.GetSessionsAsync([.. Enumerable.Repeat(session.Id, frames)], Ct);
        }

        AssertCounted(measured, "shadowcat.sessions.frames.appended", Stores);
        AssertCounted(measured, "shadowcat.sessions.cache.requests", Stores);
        Assert.Equal(Stores.Select(store => store.Name).Order(StringComparer.Ordinal), StoresOf(measured, "db.client.operation.duration"));
        Assert.Equal(["archive"], StoresOf(measured, "shadowcat.sessions.append.batch_size"));
        Assert.Equal(["archive", "b", null], spans.All.Select(span => (string?)span.GetTagItem(Tag)).Distinct().OrderBy(name => name is null).ThenBy(name => name, StringComparer.Ordinal));
        foreach (var observed in new[] { "shadowcat.sessions.append.queue.frames", "shadowcat.sessions.breaker.open", "shadowcat.sessions.append.queue.size" })
        {
            measured.Observe(observed);
            Assert.Equal(["archive"], StoresOf(measured, observed));
        }

        measured.Observe("shadowcat.sessions.buffer.frames");
        Assert.Equal(Stores.Select(store => store.Name).Order(StringComparer.Ordinal), StoresOf(measured, "shadowcat.sessions.buffer.frames"));
    }

    [Fact]
    public async Task Measurements_OfANamedStoreWithoutAMeterFactory_SayWhichStoreTheyAreOf()
    {
        var (name, counted, meters) = ("only-here-" + Guid.NewGuid().ToString("N"), 0L, new ConcurrentBag<Meter>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "shadowcat.sessions.frames.appended" && instrument.Meter.Tags?.Contains(KeyValuePair.Create(Tag, (object?)name)) == true)
            {
                meters.Add(instrument.Meter);
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Interlocked.Add(ref counted, tags.Contains(KeyValuePair.Create(Tag, (object?)name)) ? value : 0));
        listener.Start();
        await using (var provider = new ServiceCollection().AddShadowcatSessions(name).Services.BuildServiceProvider())
        {
            var store = provider.GetRequiredKeyedService<ISessionStore>(name);
            var session = await store.CreateSessionAsync(Make.Session(), Ct);
            await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 4), Ct);
        }

        Assert.Equal(4, counted);
        Assert.Equal(SessionTelemetry.MeterName, Assert.Single(meters).Name);
    }

    [Fact]
    public async Task Logs_OfANamedStore_HaveItsNameInTheirCategory()
    {
        using var log = new Categories();
        var time = new FakeTimeProvider(Make.At);
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddLogging(logging => logging.AddProvider(log).AddFilter("Shadowcat.Sessions.InMemorySessionStore.b", LogLevel.None));
        services.AddSingleton<ISessionExpirationListener>(new ThrowingListener(inTheCall: true));
        foreach (var (name, _) in Stores)
        {
            _ = name is null ? services.AddShadowcatSessions() : services.AddShadowcatSessions(name);
            services.AddKeyedSingleton<ISessionExpirationListener>(name, new ThrowingListener(inTheCall: true));
        }

        await using var provider = services.BuildServiceProvider();
        var stores = Stores.Select(store => store.Name is null ? provider.GetRequiredService<ISessionStore>() : provider.GetRequiredKeyedService<ISessionStore>(store.Name)).ToList();
        foreach (var store in stores)
        {
            await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(1) }, Ct);
        }

        time.Advance(TimeSpan.FromHours(1));
        foreach (var store in stores)
        {
            await store.ReapExpiredSessionsAsync(Ct);
        }

        // One that a filter silences, by the category that it has.
        Assert.Equal(["Shadowcat.Sessions.InMemorySessionStore", "Shadowcat.Sessions.InMemorySessionStore.archive"], log.Written.Distinct().Order(StringComparer.Ordinal));
    }

    private static void AssertCounted(Measured measured, string instrument, IEnumerable<(string? Name, int Count)> counts) => Assert.Equal(
        counts.Select(count => $"{count.Name} {count.Count}").Order(StringComparer.Ordinal),
        measured.Of(instrument).GroupBy(StoreOf).Select(group => $"{group.Key} {group.Sum(measurement => measurement.Value)}").Order(StringComparer.Ordinal));

    private static IEnumerable<string?> StoresOf(Measured measured, string instrument) => measured.Of(instrument).Select(StoreOf).Distinct().Order(StringComparer.Ordinal);

    private static string? StoreOf(Measured.Measurement measurement) => (string?)measurement.Tags.GetValueOrDefault(Tag);

    /// <summary>Keeps the category of everything that is logged.</summary>
    private sealed class Categories : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _written = [];

        public IReadOnlyCollection<string> Written => _written;

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _written);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<string> written) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => written.Enqueue(category);
        }
    }
}
