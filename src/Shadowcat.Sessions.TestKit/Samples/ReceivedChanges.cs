using System.Collections.Concurrent;

namespace Shadowcat.Sessions.TestKit;

/// <summary>Remembers every change that it was notified of.</summary>
internal sealed class ReceivedChanges : ISessionChangeListener, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Only a test that fails waits for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<SessionChange> _changes = [];
    private readonly ConcurrentQueue<SessionId> _active = [];

    public IDisposable? Subscription { get; set; }

    public IReadOnlyCollection<SessionChange> Changes => _changes;

    public IReadOnlyCollection<SessionId> Active => _active;

    public Task SubscribedAsync(CancellationToken cancellationToken) => _subscribed.Task.WaitAsync(Patience, TimeProvider.System, cancellationToken);

    /// <summary>Comes back when it was received that a session has a version; 0 where it is gone. A store need not say of which generation.</summary>
    public async Task ReceivedAsync(Session session, long version, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!_changes.Any(change => change.Id == session.Id && change.Version == version && (change.Generation == Guid.Empty || change.Generation == session.Generation)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, $"Version {version} was not received, but {string.Join(", ", _changes)}");
            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    public void OnSubscribed() => _subscribed.TrySetResult();

    public void OnInterrupted()
    {
        // The next subscription says what may have gone unnoticed.
    }

    public void OnChanged(in SessionChange change) => _changes.Enqueue(change);

    public void OnActivity(in SessionActivity activity) => _active.Enqueue(activity.Id);

    public void Dispose() => Subscription?.Dispose();
}
