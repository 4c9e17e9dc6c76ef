using System.Collections.Concurrent;

namespace Shadowcat.Sessions.TestKit;

/// <summary>Remembers each session that it was notified of, each time.</summary>
internal sealed class RecordingListener : ISessionExpirationListener
{
    private readonly ConcurrentQueue<SessionId> _notified = new();

    public IReadOnlyCollection<SessionId> Notified => _notified;

    public ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken)
    {
        _notified.Enqueue(id);
        return ValueTask.CompletedTask;
    }
}
