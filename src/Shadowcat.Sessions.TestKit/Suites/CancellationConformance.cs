namespace Shadowcat.Sessions.TestKit;

/// <summary>Cancelling passes as an <see cref="OperationCanceledException"/>; where it came before the call, nothing is done.</summary>
internal sealed class CancellationConformance(IStoreHarness harness) : StoreConformance(harness)
{
    /// <summary>In this time a store has read ahead what it reads ahead.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(300);

    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Fact]
    public async Task Read_TokenAlreadyCancelled_Throws()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 2);

        await AssertCancelledAsync(async () => await store.GetSessionAsync(session.Id, Cancelled));
        await AssertCancelledAsync(async () => await store.GetSessionsAsync([session.Id], Cancelled));
        await AssertCancelledAsync(async () => await store.ListSessionPageAsync(cancellationToken: Cancelled));
        await AssertCancelledAsync(async () => await store.CountSessionsAsync(Cancelled));
        await AssertCancelledAsync(async () => await store.CountFramesAsync(session.Id, Cancelled));
        await AssertCancelledAsync(async () => await store.ListSessionsAsync(null, Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());
        await AssertCancelledAsync(async () => await store.GetFramesAsync(session.Id, default, Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());
        await AssertCancelledAsync(async () => await store.BorrowFramesAsync(session.Id, default, Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());
    }

    [Fact]
    public async Task Write_TokenAlreadyCancelled_ThrowsAndChangesNothing()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 2);
        session = await GottenAsync(store, session.Id);
        await TickAsync();

        await AssertCancelledAsync(async () => await store.CreateSessionAsync(Make.Session(), Cancelled));
        await AssertCancelledAsync(async () => await store.UpdateSessionAsync(session with { Tags = ["x"] }, Cancelled));
        await AssertCancelledAsync(async () => await store.UpdateSessionAsync(session.Id, current => current with { Tags = ["x"] }, Cancelled));
        await AssertCancelledAsync(async () => await store.DeleteSessionAsync(session.Id, Cancelled));
        await AssertCancelledAsync(async () => await store.TouchSessionAsync(session.Id, Cancelled));
        await AssertCancelledAsync(async () => await store.AddFrameAsync(Make.Frame(session.Id), Cancelled));
        await AssertCancelledAsync(async () => await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2), Cancelled));
        await AssertCancelledAsync(async () => await store.DeleteFramesAsync(session.Id, cancellationToken: Cancelled));

        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Equal(2, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Reap_TokenAlreadyCancelled_ThrowsAndReclaimsNothing()
    {
        var listener = new RecordingListener();
        var store = await StoreAsync(null, listener);
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = Brief }, Ct);
        await PassAsync(session.ExpiresAt);

        await AssertCancelledAsync(async () => await store.ReapExpiredSessionsAsync(Cancelled));

        Assert.Empty(listener.Notified);
        Assert.Equal(1, await store.ReapExpiredSessionsAsync(Ct));
    }

    [Fact]
    public async Task List_CancelledBetweenPages_Ends()
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(2500));
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        await AssertCancelledAsync(async () =>
        {
            await foreach (var session in store.ListSessionsAsync(null, cancelling.Token))
            {
                Assert.NotNull(session);
                await CancelAsync(cancelling);
            }
        });
    }

    [Fact]
    public async Task GetFrames_CancelledBetweenPages_Ends()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3000);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        await AssertCancelledAsync(async () =>
        {
            // As a consumer passes its token to an enumerable that somebody else made.
            await foreach (var frame in store.GetFramesAsync(session.Id, default, Ct).WithCancellation(cancelling.Token))
            {
                Assert.NotNull(frame);
                await CancelAsync(cancelling);
            }
        });
    }

    /// <summary>Cancels once what the store reads ahead has come: it must not be handed out all the same.</summary>
    private static async Task CancelAsync(CancellationTokenSource cancelling)
    {
        if (!cancelling.IsCancellationRequested)
        {
            await Task.Delay(Ahead, TimeProvider.System, Ct);
            await cancelling.CancelAsync();
        }
    }

    private static Task<OperationCanceledException> AssertCancelledAsync(Func<Task> call) => Assert.ThrowsAnyAsync<OperationCanceledException>(call);
}
