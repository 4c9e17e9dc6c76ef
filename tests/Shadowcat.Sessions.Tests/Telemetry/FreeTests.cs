namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>Where nobody listens, telemetry allocates nothing.</summary>
[Collection(SilentCollection.Name)]
public sealed class FreeTests
{
    private const int Calls = 1000;

    private static readonly StoreAddress Address = new("shadowcat.memory");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Operation_NobodyListens_AllocatesWhatItDoesItselfAndNoMore()
    {
        var store = new InMemorySessionStore();
        var sessions = new InMemorySessions(keepsIds: false);

        // What an in-memory store does for this: one delegate, one call of it.
        var itself = BytesPerCall(() =>
        {
            Func<DateTimeOffset, long> step = sessions.CountLive;
            return new ValueTask<long>(step(Make.At));
        });

        Assert.Equal(itself, BytesPerCall(() => store.CountSessionsAsync(Ct)));
        Assert.True(itself > 0);
    }

    [Fact]
    public async Task CacheHit_NobodyListens_AllocatesNothing()
    {
        using var cached = new CachedSessionStore(new InMemorySessionStore());
        var session = await cached.CreateSessionAsync(Make.Session(), Ct);
        await cached.GetSessionAsync(session.Id, Ct);

        Assert.Equal(0, BytesPerCall(() => cached.GetSessionAsync(session.Id, Ct)));
    }

    [Fact]
    public void StoreTelemetry_NobodyListens_IsNotEnabled()
    {
        var telemetry = new StoreTelemetry(Address, new Measured(listens: false));

        Assert.False(telemetry.IsEnabled);
        Assert.Equal(0, BytesPerCall(() => telemetry.IsEnabled ? telemetry.Begin(Operations.GetSession).EndAsync(new ValueTask<int>(1)) : new ValueTask<int>(1)));
    }

    [Fact]
    public void StoreTelemetry_OneListens_IsEnabled()
    {
        using var measured = new Measured();
        var telemetry = new StoreTelemetry(Address, measured);
        var other = new StoreTelemetry(Address, new Measured(listens: false));

        Assert.True(telemetry.IsEnabled);
        Assert.False(other.IsEnabled);
        using var spans = new Spans();
        Assert.True(other.IsEnabled);
    }

    /// <summary>What a call that completes at once allocates, on average, once everything is compiled and cached.</summary>
    private static double BytesPerCall<T>(Func<ValueTask<T>> call)
    {
        var least = double.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                Complete(call());
            }

            least = Math.Min(least, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls);
        }

        return least;
    }

    private static void Complete<T>(ValueTask<T> call) => Assert.True(call.IsCompletedSuccessfully);
}
