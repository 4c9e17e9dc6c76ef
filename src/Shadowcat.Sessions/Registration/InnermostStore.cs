namespace Shadowcat.Sessions;

/// <summary>The registered store without anything around it. No service that an application asks for hands it out.</summary>
/// <param name="store">The store.</param>
/// <param name="isOwned">Whether the container made it, and disposes of it.</param>
internal sealed class InnermostStore(ISessionStore store, bool isOwned) : IAsyncDisposable, IDisposable
{
    public ISessionStore Store => store;

    public async ValueTask DisposeAsync()
    {
        if (isOwned && store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        if (isOwned)
        {
            (store as IDisposable)?.Dispose();
        }
    }
}
