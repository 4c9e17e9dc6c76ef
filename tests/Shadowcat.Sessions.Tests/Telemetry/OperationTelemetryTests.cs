using System.Diagnostics;
using System.Diagnostics.Metrics;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>Each operation is a span and a measurement, by the database conventions of OpenTelemetry, whichever store it is.</summary>
public sealed class OperationTelemetryTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Duration = "db.client.operation.duration";

    [Theory]
    [InlineData("memory")]
    [InlineData("redis")]
    public async Task Operation_Done_IsMeasuredOnce(string kind)
    {
        using var measured = new Measured();
        await using var owner = NewStore(kind, measured, out var store);

        await EveryOperation.RunAsync(store, Ct);

        var counts = measured.Of(Duration).CountBy(measurement => (string)measurement.Tags["db.operation.name"]!).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(EveryOperation.Done.Keys.Concat(EveryOperation.Pages).Order(StringComparer.Ordinal), counts.Keys.Order(StringComparer.Ordinal));
        Assert.All(EveryOperation.Done, done => Assert.Equal((done.Key, done.Value), (done.Key, counts[done.Key])));
        Assert.All(measured.Of(Duration), measurement => Assert.InRange(measurement.Value, 0, Poll.DefaultDeadline.TotalSeconds));
        var histogram = Assert.IsType<Histogram<double>>(measured[Duration]);
        Assert.Equal("s", histogram.Unit);
        Assert.Equal([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10], histogram.Advice!.HistogramBucketBoundaries!);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("redis")]
    public async Task Operation_Done_IsAClientSpanBelowItsCallers(string kind)
    {
        using var spans = new Spans();
        using var measured = new Measured();
        await using var owner = NewStore(kind, measured, out var store);

        await EveryOperation.RunAsync(store, Ct);

        Assert.Same(spans.Root, Activity.Current);
        Assert.Equal(
            EveryOperation.Done.Keys.Concat(EveryOperation.Pages).Order(StringComparer.Ordinal),
            spans.All.Select(span => (string)span.GetTagItem("db.operation.name")!).Distinct().Order(StringComparer.Ordinal));
        Assert.All(EveryOperation.Done, done => Assert.Single(spans.Of(done.Key)));
        Assert.All(spans.All, span =>
        {
            Assert.Equal((ActivityKind.Client, spans.Root.SpanId, ActivityStatusCode.Unset), (span.Kind, span.ParentSpanId, span.Status));
            Assert.Equal(SessionTelemetry.ActivitySourceName, span.Source.Name);
            Assert.Equal(span.GetTagItem("db.operation.name"), span.DisplayName.Split(' ')[0]);
        });
        Assert.Equal(spans.All.Count, measured.Of(Duration).Count);
    }

    [Fact]
    public async Task Server_OnRedis_IsNamedAsTheApplicationNamedIt()
    {
        using var spans = new Spans();
        await using var owner = NewStore("redis", new Measured(listens: false), out var store);

        await store.CountSessionsAsync(Ct);

        var (host, port) = (Lab.Configuration.Split(':')[0], int.Parse(Lab.Configuration.Split(':')[1], null));
        var span = Assert.Single(spans.All);
        Assert.Equal($"CountSessions {host}:{port}", span.DisplayName);
        Assert.Equal(
            [("db.namespace", "0"), ("db.operation.name", "CountSessions"), ("db.system.name", "redis"), ("server.address", host), ("server.port", port)],
            span.TagObjects.Select(tag => (tag.Key, tag.Value)).Order());
    }

    [Theory]
    [InlineData("redis-1,password=secret", "redis-1", null)]
    [InlineData("redis-1:6379", "redis-1", null)]
    [InlineData("redis-1:7000", "redis-1", 7000)]
    [InlineData("a:7000,b:7000", "a,b", 7000)]
    [InlineData("a:7000,b:7001", "a:7000,b:7001", null)]
    [InlineData("a,b:7001", "a:6379,b:7001", null)]
    [InlineData("a,b,user=u,password=secret", "a,b", null)]
    [InlineData("10.0.0.1:6380,ssl=true", "10.0.0.1", null)]
    public void Server_Named_IsSaidByTheConventions(string configuration, string host, int? port) =>
        Assert.Equal(new StoreAddress("redis") { Host = host, Port = port, Database = "0" }, RedisAddress.Of(StackExchange.Redis.ConfigurationOptions.Parse(configuration)));

    [Fact]
    public async Task Work_InsideAnOperation_IsBelowItsSpan()
    {
        using var spans = new Spans();
        Activity? inside = null;
        var store = new InMemorySessionStore(timeProvider: new LookingClock(() => inside = Activity.Current));

        await store.CountSessionsAsync(Ct);

        Assert.Same(inside, Assert.Single(spans.All));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("redis")]
    public async Task Operation_Refused_SaysWhatKindOfErrorItWasAndNothingElse(string kind)
    {
        using var spans = new Spans();
        using var measured = new Measured();
        await using var owner = NewStore(kind, measured, out var store);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var missing = SessionId.New();
        await store.UpdateSessionAsync(session, Ct);

        foreach (var (operation, error, call) in (IEnumerable<(string, string, Func<Task>)>)
            [
                ("CreateSession", "Shadowcat.Sessions.SessionAlreadyExistsException", () => store.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct).AsTask()),
                ("UpdateSession", "Shadowcat.Sessions.SessionConflictException", () => store.UpdateSessionAsync(session, Ct).AsTask()),
                ("AddFrame", "Shadowcat.Sessions.SessionNotFoundException", () => store.AddFrameAsync(Make.Frame(missing), Ct).AsTask()),
                ("CountFrames", "Shadowcat.Sessions.SessionNotFoundException", () => store.CountFramesAsync(missing, Ct).AsTask()),
                ("GetFrames", "Shadowcat.Sessions.SessionNotFoundException", () => store.GetFramesAsync(missing, cancellationToken: Ct).ToListAsync(Ct).AsTask()),
            ])
        {
            await Assert.ThrowsAnyAsync<SessionStoreException>(call);

            var span = spans.Of(operation).Last();
            Assert.Equal((ActivityStatusCode.Error, null, error), (span.Status, span.StatusDescription, span.GetTagItem("error.type")));
            Assert.Empty(span.Events);
            Assert.Equal(error, measured.Of(Duration).Last(measurement => (string?)measurement.Tags["db.operation.name"] == operation).Tags["error.type"]);
        }
    }

    [Fact]
    public async Task Caller_ThatStopsWaiting_IsTheKindOfError()
    {
        using var silent = new SilentServer();
        using var measured = new Measured();
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = silent.Configuration }, meterFactory: measured);
        using var stop = new CancellationTokenSource();
        var call = store.GetSessionAsync(SessionId.New(), stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("System.OperationCanceledException", Assert.Single(measured.Of(Duration)).Tags["error.type"]);
    }

    /// <summary>A store and what has to be disposed of with it.</summary>
    private AsyncOwner NewStore(string kind, Measured measured, out ISessionStore store)
    {
        if (kind == "memory")
        {
            store = new InMemorySessionStore(meterFactory: measured);
            return new AsyncOwner(null);
        }

        var onRedis = new RedisSessionStore(Lab.Connection, null, new RedisSessionStoreOptions { KeyPrefix = Lab.Prefix }, meterFactory: measured);
        store = onRedis;
        return new AsyncOwner(onRedis);
    }

    private sealed class AsyncOwner(IAsyncDisposable? owned) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>The system's clock, which does something whenever it is looked at.</summary>
    private sealed class LookingClock(Action look) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            look();
            return base.GetUtcNow();
        }
    }
}
