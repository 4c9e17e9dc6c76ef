using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shadowcat.Sessions.Tests.Telemetry;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>What a buffer counts, and how it says that it is.</summary>
public sealed class BufferTelemetryTests : IAsyncDisposable
{
    private const string Frames = "shadowcat.sessions.buffer.frames";
    private const string Replayed = "shadowcat.sessions.buffer.replayed";
    private const string Refused = "shadowcat.sessions.buffer.refused";
    private const string Lost = "shadowcat.sessions.buffer.lost";

    private readonly AilingStore _inner = new();
    private readonly Measured _measured = new();
    private readonly BufferedSessionStore _store;

    public BufferTelemetryTests() => _store = new BufferedSessionStore(
        _inner,
        new BufferedSessionStoreOptions { MaxBufferedFrames = 4, MaxRetryDelay = TimeSpan.FromMilliseconds(10), DrainTimeout = TimeSpan.Zero },
        meterFactory: _measured);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _measured.Dispose();
    }

    [Fact]
    public async Task Frames_ThroughAnOutage_AreSeenAndCounted()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.Ail(Ailment.Away);
        var accepted = _store.AcceptFrames(session.Id, Make.Frames(session.Id, 3));
        Assert.Throws<SessionLimitExceededException>(() => _store.AcceptFrames(session.Id, Make.Frames(session.Id, 2)));
        await OutageAsync();
        Assert.Equal((3, 2, 0), (_measured.Observe(Frames), _measured.Sum(Refused), _measured.Sum(Replayed)));

        _inner.Ail(Ailment.None);
        await accepted.Stored;
        await Poll.UntilAsync(() => Task.FromResult(_store.Status.State == SessionBufferState.Passing), "the outage is over");
        Assert.Equal((0, 3, 0), (_measured.Observe(Frames), _measured.Sum(Replayed), _measured.Sum(Lost)));

        _inner.Ail(Ailment.Away);
        _store.AcceptFrame(Make.Frame(session.Id, 3));
        Assert.Equal(1, _measured.Observe(Frames));
        await _store.DisposeAsync();
        Assert.Equal((0, 1), (_measured.Observe(Frames), _measured.Sum(Lost)));
    }

    [Fact]
    public async Task Health_InAnOutage_IsDegradedAndUnhealthyOnceTheBufferIsFull()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        var well = await CheckAsync();
        Assert.Equal((HealthStatus.Healthy, 0L, 0L), (well.Status, well.Facts["buffer.frames"], well.Facts["buffer.bytes"]));

        _inner.Ail(Ailment.Away);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync()).Status);
        var accepted = _store.AcceptFrames(session.Id, Make.Frames(session.Id, 4));
        await OutageAsync();
        var waiting = await CheckAsync();
        Assert.Equal((HealthStatus.Degraded, 4L, false), (waiting.Status, waiting.Facts["buffer.frames"], waiting.Facts["reachable"]));
        Assert.Contains("waits in the buffer", waiting.ToString(), StringComparison.Ordinal);

        Assert.Throws<SessionLimitExceededException>(() => _store.AcceptFrame(Make.Frame(session.Id, 4)));
        var full = await CheckAsync();
        Assert.Equal(HealthStatus.Unhealthy, full.Status);
        Assert.Contains("The buffer is full", full.ToString(), StringComparison.Ordinal);

        _inner.Ail(Ailment.None);
        await accepted.Stored;
        await Poll.UntilAsync(async () => (await CheckAsync()).Status == HealthStatus.Healthy, "it is healthy again");
    }

    [Fact]
    public async Task Registered_WithMetrics_CountsUnderTheMetersOfItsProvider()
    {
        using var measured = new Measured();
        await using var provider = new ServiceCollection().AddSingleton<IMeterFactory>(measured)
            .AddShadowcatSessions().WithBuffering(options => options.MaxBufferedFrames = 1).Services.BuildServiceProvider();
        var buffer = provider.GetRequiredService<ISessionBuffer>();
        var session = Make.Session();
        await buffer.AcceptSession(session).Stored;

        await buffer.AcceptFrame(Make.Frame(session.Id)).Stored;

        Assert.Equal(1, measured.Sum("shadowcat.sessions.frames.appended"));
        Assert.All(measured.Instruments, instrument => Assert.Same(measured, instrument.Meter.Scope));
        Assert.Contains(measured.Instruments, instrument => instrument.Name == Refused);
    }

    private ValueTask<SessionStoreHealth> CheckAsync() => _store.CheckHealthAsync(Poll.DefaultDeadline, Ct);

    private Task OutageAsync() => Poll.UntilAsync(() => Task.FromResult(_store.Status.State == SessionBufferState.Outage), "there is an outage");
}
