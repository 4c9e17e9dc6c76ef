using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Reclaims expired sessions while the host runs. Any number of hosts may do so on one server.</summary>
internal sealed class SessionReaper(
    ISessionStore store, IOptions<SessionStoreOptions> options, TimeProvider? timeProvider = null, ILogger<SessionReaper>? logger = null)
    : BackgroundService
{
    private readonly ILogger _logger = logger ?? NullLogger<SessionReaper>.Instance;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReapInterval, timeProvider ?? TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await ReapAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, and so does this.
        }
    }

    private async Task ReapAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reaped = await store.ReapExpiredSessionsAsync(cancellationToken).ConfigureAwait(false);
            if (reaped > 0)
            {
                Log.SessionsReaped(_logger, reaped);
            }
        }
        catch (SessionStoreException exception)
        {
            Log.ReapingFailed(_logger, options.Value.ReapInterval, exception);
        }
    }
}
