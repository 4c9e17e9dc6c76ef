using System.Threading.Channels;

namespace Shadowcat.Sessions.Aot.Stores;

/// <summary>Receives the changes of a store.</summary>
internal sealed class Listener : ISessionChangeListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<SessionId> _changed = Channel.CreateUnbounded<SessionId>();

    /// <summary>How much activity there was.</summary>
    public int Activities { get; private set; }

    /// <summary>How often changes may have been missed.</summary>
    public int Interruptions { get; private set; }

    /// <summary>Which sessions changed.</summary>
    public ChannelReader<SessionId> Changed => _changed.Reader;

    public static async Task HearAsync(ISessionStore store, ISessionChanges changes)
    {
        var listener = new Listener();
        using var subscription = changes.Subscribe(listener);
        await listener._subscribed.Task.WaitAsync(Patience);

        var session = await store.CreateSessionAsync(Samples.Session());
        await store.DeleteSessionAsync(session.Id);

        // Changes of before may still be on their way.
        using var patience = new CancellationTokenSource(Patience);
        while (await listener.Changed.ReadAsync(patience.Token) != session.Id)
        {
        }

        Check.That(changes.ReceivedUntil > 0 && changes.EarliestTimestampOf(changes.TimeProvider.GetUtcNow().AddDays(-1)) < changes.TimeProvider.GetTimestamp());
    }

    public void OnSubscribed() => _subscribed.TrySetResult();

    public void OnInterrupted() => Interruptions++;

    public void OnChanged(in SessionChange change) => _changed.Writer.TryWrite(change.Id);

    public void OnActivity(in SessionActivity activity) => Activities++;
}
