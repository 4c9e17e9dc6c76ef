using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions.Redis;

/// <summary>Connects when the host starts, so that a server too old or a layout that disagrees fails the start and not the first request.</summary>
internal sealed class RedisStartupCheck(InnermostStore innermost, ILogger<RedisStartupCheck>? logger = null) : IHostedService
{
    private readonly ILogger _logger = logger ?? NullLogger<RedisStartupCheck>.Instance;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ((RedisSessionStore)innermost.Store).ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SessionStoreUnavailableException or SessionTimeoutException)
        {
            // An outage at start-up is an outage like any other: calls fail until it is over, and then succeed.
            RedisLog.UnavailableAtStartup(_logger, exception.Message, exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
