using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>Remembers what it was told, each time it was told.</summary>
internal sealed class RecordingListener : ISessionExpirationListener
{
    private readonly ConcurrentQueue<SessionId> _told = new();

    public IReadOnlyCollection<SessionId> Told => _told;

    public ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken)
    {
        _told.Enqueue(id);
        return ValueTask.CompletedTask;
    }
}
