namespace Shadowcat.Sessions.TestKit;

/// <summary>A store that was disposed of is of no use, whatever it is asked, and says so in one way. What is left of it is disposed of with it.</summary>
[Capability(typeof(IDisposable))]
internal sealed class DisposalConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Member_AfterDispose_ThrowsObjectDisposed(bool isAsync)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3);
        session = await GottenAsync(store, session.Id);

        await DisposeAsync(store, isAsync);

        await DisposedStore.AssertThrowsAsync(store, session, Ct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Member_AfterDisposeOfAStoreThatWasNotUsed_ThrowsObjectDisposed(bool isAsync)
    {
        var store = await StoreAsync();

        await DisposeAsync(store, isAsync);

        await DisposedStore.AssertThrowsAsync(store, Make.Session() with { Version = 1 }, Ct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_Twice_IsOnce(bool isAsync)
    {
        var store = await StoreAsync();
        await CreatedAsync(store);

        await DisposeAsync(store, isAsync);
        await DisposeAsync(store, !isAsync);
        await DisposeAsync(store, isAsync);
    }

    private static async Task DisposeAsync(ISessionStore store, bool isAsync)
    {
        if (isAsync && store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            ((IDisposable)store).Dispose();
        }
    }
}
