using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions;

/// <summary>Reclaims expired sessions of a store while the host runs. Any number of hosts may do so on one server.</summary>
internal sealed class SessionReaper(ISessionStore store, TimeSpan interval, TimeProvider? timeProvider, ILogger<SessionReaper>? logger) : BackgroundService
{
    private readonly ILogger _logger = logger ?? NullLogger<SessionReaper>.Instance;
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, timeProvider ?? TimeProvider.System);
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

            if (_isFailing)
            {
                _isFailing = false;
                Log.ReapingAgain(_logger);
            }
        }
#pragma warning disable CA1031 // Whatever a store or a listener of it throws, the host goes on, and so does the reclaiming: it is logged.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Once for an outage, and not every time it is met again.
            if (!_isFailing)
            {
                _isFailing = true;
                Log.ReapingFailed(_logger, interval, exception);
            }
        }
    }
}
