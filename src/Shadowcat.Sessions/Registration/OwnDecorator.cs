namespace Shadowcat.Sessions;

/// <summary>Puts a decorator of the application's own around the registered store, and disposes of it: before the store, which was made before.</summary>
internal sealed class OwnDecorator(IServiceProvider provider, Func<IServiceProvider, ISessionStore, ISessionStore> decorate) : ISessionStoreDecorator, IAsyncDisposable, IDisposable
{
    private ISessionStore? _store;

    public StoreLayer Layer => StoreLayer.Own;

    public ISessionStore Decorate(ISessionStore inner) =>
        _store = decorate(provider, inner) ?? throw new InvalidOperationException($"A function given to Decorate returned null instead of an {nameof(ISessionStore)}.");

    public async ValueTask DisposeAsync()
    {
        if (_store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            Dispose();
        }
    }

    public void Dispose() => (_store as IDisposable)?.Dispose();
}
