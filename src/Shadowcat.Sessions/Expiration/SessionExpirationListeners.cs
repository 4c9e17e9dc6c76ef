using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>Tells every listener of expired sessions, whatever the others make of it.</summary>
internal sealed class ExpirationListeners(IEnumerable<ISessionExpirationListener>? listeners, ILogger logger)
{
    private readonly ISessionExpirationListener[] _listeners = [.. listeners ?? []];

    public bool IsEmpty => _listeners.Length == 0;

    public async ValueTask TellAsync(IReadOnlyCollection<SessionId> expired, CancellationToken cancellationToken)
    {
        foreach (var id in expired)
        {
            foreach (var listener in _listeners)
            {
                await TellAsync(listener, id, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask TellAsync(ISessionExpirationListener listener, SessionId id, CancellationToken cancellationToken)
    {
        try
        {
            await listener.OnSessionExpiredAsync(id, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a listener throws, the other listeners and sessions still have to be told: it is logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ExpirationListenerFailed(logger, exception);
        }
    }
}
