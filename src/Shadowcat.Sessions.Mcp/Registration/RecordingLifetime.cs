using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Makes the recorder when the host starts, so that what it lacks is told then and not with the first message; and ends it when the host has stopped, for not every program disposes of its host.</summary>
internal sealed class RecordingLifetime(SessionRecorder recorder) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Behind all servers: nothing is said any more. It has a limit of its own, as long as it may take to write what is queued.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await recorder.DisposeAsync().ConfigureAwait(false);
}
