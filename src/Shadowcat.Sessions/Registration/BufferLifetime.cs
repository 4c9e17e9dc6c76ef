using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions;

/// <summary>Lets the buffer store what waits when the host has stopped: not every program disposes of its host. It takes in what comes after that, too.</summary>
internal sealed class BufferLifetime(StoreStack stack) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Behind all that may still write. It has a limit of its own.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(stack.Around.OfType<BufferedSessionStore>().Select(static buffer => buffer.DrainAsync()));
}
