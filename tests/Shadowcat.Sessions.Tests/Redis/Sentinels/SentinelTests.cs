namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A store that is given sentinels works on the primary that they name, and on no other server.</summary>
public sealed class SentinelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Primary_KilledAndBackAsAnEmptyOne_IsReplacedForGood()
    {
        await using var sentinel = await SentinelSetUp.StartAsync();
        await using var store = NewStore(sentinel.Configuration);
        var id = await sentinel.RecordAsync(store, frames: 10);
        var former = await sentinel.KillPrimaryAsync(store, id);

        // It says that it is a primary, until the sentinels get round to demoting it.
        await former.StartAsync();
        for (var number = 10; number < 60; number++)
        {
            Assert.Equal(number, await store.AddFrameAsync(Make.Frame(id, number), Ct));
        }

        await using var another = NewStore(sentinel.Configuration);
        Make.AssertNumbered(await another.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct), 0, 60);
        await sentinel.WaitUntilWholeAsync();
        Make.AssertNumbered(await store.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct), 0, 60);
    }

    [Fact]
    public async Task Primary_ReplacedByOrder_IsLeftThoughItIsWell()
    {
        await using var sentinel = await SentinelSetUp.StartAsync();
        await using var store = NewStore(sentinel.Configuration);
        var id = await sentinel.RecordAsync(store, frames: 10);
        var former = await sentinel.ReplacePrimaryAsync();

        await Poll.UntilAsync(
            async () => (await former.CommandAsync("CLIENT", "LIST", "TYPE", "normal")).Split('\n').All(client => !client.Contains("cmd=evalsha", StringComparison.Ordinal)),
            "the store has left the former primary");

        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(id, 10), Ct));
        await using var another = NewStore(sentinel.Configuration);
        Make.AssertNumbered(await another.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct), 0, 11);
    }

    [Fact]
    public async Task Primary_ReplacedWhileItIsWrittenTo_LosesNothingThatItAcknowledged()
    {
        await using var sentinel = await SentinelSetUp.StartAsync();
        await using var store = NewStore(sentinel.Configuration);
        var id = await sentinel.RecordAsync(store, frames: 1);
        var acknowledged = new List<long>();
        using var stopping = new CancellationTokenSource();
        var writing = WriteAsync(store, id, acknowledged, stopping.Token);

        await sentinel.ReplacePrimaryAsync();
        await SentinelSetUp.WorksAsync(store, id);
        await stopping.CancelAsync();
        await writing;

        await using var another = NewStore(sentinel.Configuration);
        var stored = await another.GetFramesAsync(id, cancellationToken: Ct).Select(frame => frame.Sequence).ToListAsync(Ct);
        Assert.NotEmpty(acknowledged);
        Assert.Distinct(acknowledged);
        Assert.Empty(acknowledged.Except(stored));
    }

    [Fact]
    public async Task Sentinel_DownFromTheStart_IsDoneWithout()
    {
        await using var sentinel = await SentinelSetUp.StartAsync();
        await sentinel.Sentinels[^1].KillAsync();
        await using var store = NewStore(sentinel.Configuration);

        var id = await sentinel.RecordAsync(store, frames: 10);
        await sentinel.KillPrimaryAsync(store, id);

        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(id, 10), Ct));
    }

    [Fact]
    public async Task Service_ThatNoSentinelKnows_IsRefusedAsConfiguration()
    {
        await using var sentinel = await SentinelSetUp.StartAsync();
        await using var store = NewStore(sentinel.Configuration.Replace("serviceName=shadowcat", "serviceName=nobody", StringComparison.Ordinal));

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.Contains("'nobody'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentinels_NotThere_AreUnavailableUntilTheyAre()
    {
        await using var store = NewStore($"127.0.0.1:{LoopbackPort.NextFree()},serviceName=shadowcat");

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.False(exception.OutcomeUnknown);
    }

    private static RedisSessionStore NewStore(string configuration) =>
        new(new RedisSessionStoreOptions { Configuration = configuration, OperationTimeout = TimeSpan.FromSeconds(10) });

    /// <summary>Appends until it is stopped, and notes the sequence of each frame that was acknowledged.</summary>
    private static async Task WriteAsync(RedisSessionStore store, SessionId id, List<long> acknowledged, CancellationToken stopping)
    {
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            try
            {
                acknowledged.Add(await store.AddFrameAsync(Make.Frame(id, number), Ct));
            }
            catch (SessionStoreUnavailableException)
            {
                // Between the former primary and the next there is none.
            }
        }
    }
}
