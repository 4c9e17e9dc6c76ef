using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Tests.Caching;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>What is counted beside operations, and under which meter.</summary>
public sealed class InstrumentTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Appended = "shadowcat.sessions.frames.appended";
    private const string BatchSize = "shadowcat.sessions.append.batch_size";
    private const string QueueFrames = "shadowcat.sessions.append.queue.frames";
    private const string QueueSize = "shadowcat.sessions.append.queue.size";
    private const string Retries = "shadowcat.sessions.retries";
    private const string Reaped = "shadowcat.sessions.reaped";
    private const string Cache = "shadowcat.sessions.cache.requests";

    [Fact]
    public async Task Frames_Appended_AreCountedOnce()
    {
        using var measured = new Measured();
        await using var store = NewStore(measured);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5, first: 1), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 6), Ct);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFrameAsync(Make.Frame(SessionId.New()), Ct).AsTask());

        await Poll.UntilAsync(() => Task.FromResult(measured.Of(BatchSize).Count == 4), "every batch has been counted");
        Assert.Equal(7, measured.Sum(Appended));
        Assert.Equal([1, 5, 1, 1], measured.Of(BatchSize).Select(measurement => measurement.Value));
        Assert.Equal(("{frame}", "{frame}"), (measured[Appended].Unit, measured[BatchSize].Unit));
    }

    [Fact]
    public async Task Frames_OfManyCallers_TravelTogether()
    {
        using var measured = new Measured();
        await using var store = NewStore(measured);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => store.AddFrameAsync(Make.Frame(session.Id, number), Ct).AsTask()));

        await Poll.UntilAsync(() => Task.FromResult(measured.Sum(BatchSize) >= 1000), "every batch has been counted");
        Assert.Equal((1000, 1000), (measured.Sum(Appended), measured.Sum(BatchSize)));
        Assert.True(measured.Of(BatchSize).Count < 1000);
        Assert.InRange(measured.Of(BatchSize).Max(measurement => measurement.Value), 2, 512);
    }

    [Fact]
    public async Task Queue_OfAFrozenServer_IsSeenAndGoneWithItsStore()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        using var measured = new Measured();
        var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration }, meterFactory: measured);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal((0, 0), (measured.Observe(QueueFrames), measured.Observe(QueueSize)));

        await server.PauseAsync();
        var appends = Enumerable.Range(0, 20).Select(number => store.AddFrameAsync(Make.Frame(session.Id, number), Ct).AsTask()).ToList();
        Assert.Equal(20, measured.Observe(QueueFrames));
        Assert.True(measured.Observe(QueueSize) > 20 * 20);

        await server.ContinueAsync();
        await Task.WhenAll(appends);
        await Poll.UntilAsync(() => Task.FromResult(measured.Observe(QueueFrames) == 0), "the queue is empty");
        Assert.Equal(0, measured.Observe(QueueSize));
        Assert.Equal(("{frame}", "By"), (measured[QueueFrames].Unit, measured[QueueSize].Unit));
        await store.DisposeAsync();
        Assert.Equal(0, measured.Observe(QueueFrames));
    }

    [Fact]
    public async Task Commands_TriedAgain_AreCounted()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        using var measured = new Measured();
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration }, meterFactory: measured);
        await store.CountSessionsAsync(Ct);
        Assert.Equal(0, measured.Sum(Retries));

        await server.StopAsync();
        await Assert.ThrowsAnyAsync<SessionStoreException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.InRange(measured.Sum(Retries), 1, 100);
        Assert.Equal("{retry}", measured[Retries].Unit);
    }

    [Fact]
    public async Task Sessions_Reaped_AreCounted()
    {
        using var measured = new Measured();
        var time = new FakeTimeProvider(Make.At);
        var store = new InMemorySessionStore(timeProvider: time, meterFactory: measured);
        await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(1) }, Ct);
        await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(9) }, Ct);

        time.Advance(TimeSpan.FromMinutes(2));
        await store.ReapExpiredSessionsAsync(Ct);
        await store.ReapExpiredSessionsAsync(Ct);

        Assert.Equal(1, measured.Sum(Reaped));
        Assert.Equal("{session}", measured[Reaped].Unit);
    }

    [Fact]
    public async Task Cache_Asked_CountsHitsMissesAndBypasses()
    {
        using var measured = new Measured();
        var inner = new GatedStore();
        using var cached = new CachedSessionStore(inner, meterFactory: measured);
        var session = await cached.CreateSessionAsync(Make.Session(), Ct);

        await cached.GetSessionAsync(session.Id, Ct);
        await cached.GetSessionAsync(SessionId.New(), Ct);
        await cached.GetSessionsAsync([session.Id, SessionId.New(), SessionId.New()], Ct);
        inner.Interrupt();
        await cached.GetSessionAsync(session.Id, Ct);
        await cached.GetSessionsAsync([session.Id, SessionId.New()], Ct);

        var counts = measured.Of(Cache).GroupBy(measurement => (string)measurement.Tags["shadowcat.sessions.cache.result"]!)
            .ToDictionary(group => group.Key, group => group.Sum(measurement => measurement.Value), StringComparer.Ordinal);
        Assert.Equal((2, 3, 3), (counts["hit"], counts["miss"], counts["bypass"]));
        Assert.Equal("{session}", measured[Cache].Unit);
    }

    [Fact]
    public async Task Registered_WithMetrics_CountsUnderTheMetersOfItsProvider()
    {
        using var measured = new Measured();
        await using var provider = new ServiceCollection().AddSingleton<IMeterFactory>(measured).AddShadowcatSessions().WithCaching().Services.BuildServiceProvider();
        var store = provider.GetRequiredService<ISessionStore>();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.GetSessionAsync(session.Id, Ct);

        Assert.Equal((1, 1), (measured.Sum(Appended), measured.Sum(Cache)));
        Assert.All(measured.Instruments, instrument => Assert.Equal(SessionTelemetry.MeterName, instrument.Meter.Name));
    }

    [Fact]
    public async Task Registered_OnRedisWithMetrics_CountsUnderTheMetersOfItsProvider()
    {
        using var measured = new Measured();
        await using var provider = new ServiceCollection().AddSingleton<IMeterFactory>(measured)
            .AddShadowcatSessions().UseRedis(_ => Lab.Connection, options => options.KeyPrefix = Lab.Prefix).Services.BuildServiceProvider();
        var store = provider.GetRequiredService<ISessionStore>();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        await Poll.UntilAsync(() => Task.FromResult(measured.Sum(BatchSize) == 1), "the batch has been counted");
        Assert.Equal(1, measured.Sum(Appended));
    }

    private RedisSessionStore NewStore(Measured measured) =>
        new(Lab.Connection, null, new RedisSessionStoreOptions { KeyPrefix = Lab.Prefix }, meterFactory: measured);
}
