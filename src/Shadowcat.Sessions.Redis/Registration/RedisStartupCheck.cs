using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>Connects when the host starts, so that a server too old or a layout that disagrees fails the start and not the first request.</summary>
internal static class RedisStartupCheck
{
    public static async Task RunAsync(RedisSessionStore store, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await store.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SessionStoreUnavailableException or SessionTimeoutException)
        {
            // An outage at start-up is an outage like any other: calls fail until it is over, and then succeed.
            RedisLog.UnavailableAtStartup(logger, exception.Message, exception);
        }
    }
}
