using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Creates the recorder when the host starts, so that the host does not start where it cannot be created. Disposes of it when the host has stopped, since not every program disposes of its host.</summary>
internal sealed class RecordingLifetime(SessionRecorder recorder) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after all servers have stopped, so there are no further messages. The drain timeout limits it, and not the token.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await recorder.DisposeAsync().ConfigureAwait(false);
}
