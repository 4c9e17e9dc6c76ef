using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Makes the recorder when the host starts, so that what it lacks is told then and not with the first message.</summary>
internal sealed class RecordingStartupCheck(SessionRecorder recorder) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
