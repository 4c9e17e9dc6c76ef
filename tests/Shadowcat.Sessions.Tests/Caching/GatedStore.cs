using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>A store in memory whose answers a test holds back, and which notifies of changes when the test says so.</summary>
internal sealed class GatedStore : ForwardingStore, ISessionChanges
{
    private ISessionChangeListener? _listener;
    private TaskCompletionSource? _gate;
    private int _reads;

    /// <summary>How many sessions were read one by one.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The ids that were read several at a time, call by call.</summary>
    public List<IReadOnlyList<SessionId>> Batches { get; } = [];

    /// <summary>What every call fails with after it was carried out, as where a reply is lost.</summary>
    public Exception? Failure { get; set; }

    public bool IsSubscribed => _listener is not null;

    public long ReceivedUntil { get; set; } = long.MaxValue;

    /// <summary>The next call is carried out at once, and answered when the test says so.</summary>
    public TaskCompletionSource HoldNext() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Interrupt() => _listener?.OnInterrupted();

    public void Resume() => _listener?.OnSubscribed();

    public void Publish(Session session) => _listener?.OnChanged(new SessionChange(session.Id, session.Generation, session.Version));

    public void PublishDeleted(Session session) => _listener?.OnChanged(new SessionChange(session.Id, session.Generation, 0));

    public void PublishActivity(Session session) => _listener?.OnActivity(
        new SessionActivity(session.Id, session.LastActivity, session.FrameCount, session.FirstSequence, session.ExpiresAt));

    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        _listener = listener;
        listener.OnSubscribed();
        return new Subscription(this);
    }

    public long EarliestTimestampOf(DateTimeOffset moment) => Clock.Add(Clock.GetTimestamp(), moment - Clock.GetUtcNow());

    public override ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return base.GetSessionAsync(id, cancellationToken);
    }

    public override ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        Batches.Add(ids);
        return base.GetSessionsAsync(ids, cancellationToken);
    }

    protected override async ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call)
    {
        var failure = Failure;
        var answer = call().AsTask();
        if (Interlocked.Exchange(ref _gate, null) is { } gate)
        {
            await gate.Task;
        }

        return failure is null ? await answer : throw failure;
    }

    private sealed class Subscription(GatedStore store) : IDisposable
    {
        public void Dispose() => store._listener = null;
    }
}
