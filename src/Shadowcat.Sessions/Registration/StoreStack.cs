namespace Shadowcat.Sessions;

/// <summary>A registered store with everything around it. No service that an application asks for hands out the store inside where anything lies around it.</summary>
/// <param name="provider">What the decorators take the services from that they need.</param>
/// <param name="innermost">The store inside.</param>
/// <param name="isOwned">Whether the container made that, and disposes of it.</param>
/// <param name="decorators">What lies around it, from the inside out.</param>
internal sealed class StoreStack(IServiceProvider provider, ISessionStore innermost, bool isOwned, IEnumerable<StoreDecorator> decorators) : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ISessionStore> _around = [];
    private ISessionStore? _store;

    /// <summary>The store without anything around it.</summary>
    public ISessionStore Innermost => innermost;

    /// <summary>The store with everything around it.</summary>
    public ISessionStore Store
    {
        get
        {
            lock (_lock)
            {
                return _store ??= decorators.Aggregate(innermost, Decorate);
            }
        }
    }

    /// <summary>What lies around the store and has been made, from the inside out.</summary>
    public IReadOnlyList<ISessionStore> Around
    {
        get
        {
            lock (_lock)
            {
                return [.. _around];
            }
        }
    }

    /// <summary>From the outside in: a decorator may still use what is inside of it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in Disposed())
        {
            if (store is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (store as IDisposable)?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var store in Disposed())
        {
            (store as IDisposable)?.Dispose();
        }
    }

    private IEnumerable<ISessionStore> Disposed() => isOwned ? Around.Reverse().Append(innermost) : Around.Reverse();

    private ISessionStore Decorate(ISessionStore inner, StoreDecorator decorator)
    {
        var outer = decorator.Create(provider, inner)
            ?? throw new InvalidOperationException($"A function given to {decorator.Call} returned null instead of an {nameof(ISessionStore)}.");
        if (!ReferenceEquals(outer, inner))
        {
            _around.Add(outer);
        }

        return outer;
    }
}
