using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>Notifies every listener of expired sessions, whatever the others make of it: for whoever writes a store.</summary>
public sealed class SessionExpirationListeners
{
    private readonly ISessionExpirationListener[] _listeners;
    private readonly ILogger _logger;

    /// <summary>Notifies some listeners.</summary>
    /// <param name="listeners">The listeners; null for none.</param>
    /// <param name="logger">Where it is said that one of them failed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="logger"/> is null.</exception>
    public SessionExpirationListeners(IEnumerable<ISessionExpirationListener>? listeners, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        _listeners = [.. listeners ?? []];
        _logger = logger;
    }

    /// <summary>Whether there is no listener, so that nobody needs to know which sessions expired.</summary>
    public bool IsEmpty => _listeners.Length == 0;

    /// <summary>Notifies all of them of each session, one after the other. What a listener throws is logged.</summary>
    /// <param name="expired">The sessions.</param>
    /// <param name="cancellationToken">Handed to the listeners.</param>
    public async ValueTask NotifyAsync(IReadOnlyCollection<SessionId> expired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expired);
        foreach (var id in expired)
        {
            foreach (var listener in _listeners)
            {
                await NotifyAsync(listener, id, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask NotifyAsync(ISessionExpirationListener listener, SessionId id, CancellationToken cancellationToken)
    {
        try
        {
            await listener.OnSessionExpiredAsync(id, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a listener throws, the other listeners and sessions still have to be notified: it is logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ExpirationListenerFailed(_logger, exception);
        }
    }
}
