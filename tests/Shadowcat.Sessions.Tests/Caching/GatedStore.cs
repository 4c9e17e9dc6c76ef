using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>A store in memory whose answers a test holds back, and which tells of changes when the test says so: what another process does goes to <see cref="Backend"/>.</summary>
internal sealed class GatedStore : ISessionStore, ISessionChanges
{
    private ISessionChangeListener? _listener;
    private TaskCompletionSource? _gate;
    private int _reads;

    public GatedStore() => Backend = new InMemorySessionStore(timeProvider: Clock);

    public FakeTimeProvider Clock { get; } = new();

    public InMemorySessionStore Backend { get; }

    /// <summary>How many sessions were read one by one.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The ids that were read several at a time, call by call.</summary>
    public List<IReadOnlyList<SessionId>> Batches { get; } = [];

    /// <summary>What every call fails with after it was carried out, as where a reply is lost.</summary>
    public Exception? Failure { get; set; }

    public bool IsSubscribed => _listener is not null;

    public long HeardUntil { get; set; } = long.MaxValue;

    public TimeProvider TimeProvider => Clock;

    /// <summary>The next call is carried out at once, and answered when the test says so.</summary>
    public TaskCompletionSource HoldNext() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Lose() => _listener?.OnLost();

    public void Listen() => _listener?.OnListening();

    public void Tell(Session session) => _listener?.OnChanged(new SessionChange(session.Id, session.Generation, session.Version));

    public void TellDeleted(Session session) => _listener?.OnChanged(new SessionChange(session.Id, session.Generation, 0));

    public void TellActivity(Session session) => _listener?.OnActivity(
        new SessionActivity(session.Id, session.LastActivity, session.FrameCount, session.FirstSequence, session.ExpiresAt));

    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        _listener = listener;
        listener.OnListening();
        return new Subscription(this);
    }

    public long EarliestTimestampOf(DateTimeOffset moment) => Clock.Add(Clock.GetTimestamp(), moment - Clock.GetUtcNow());

    public ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        AnswerAsync(Backend.CreateSessionAsync(session, cancellationToken));

    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        AnswerAsync(Backend.CreateSessionAsync(session, firstSequence, cancellationToken));

    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return AnswerAsync(Backend.GetSessionAsync(id, cancellationToken));
    }

    public ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        Batches.Add(ids);
        return AnswerAsync(Backend.GetSessionsAsync(ids, cancellationToken));
    }

    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        AnswerAsync(Backend.UpdateSessionAsync(session, cancellationToken));

    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        AnswerAsync(Backend.DeleteSessionAsync(id, cancellationToken));

    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default) => Backend.TouchSessionAsync(id, cancellationToken);

    public IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        Backend.ListSessionsAsync(filter, cancellationToken);

    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
        Backend.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);

    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => Backend.CountSessionsAsync(cancellationToken);

    public ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) => Backend.AddFrameAsync(frame, cancellationToken);

    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default) =>
        Backend.AddFramesAsync(id, frames, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        Backend.GetFramesAsync(id, range, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        Backend.FollowFramesAsync(id, range, cancellationToken);

    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) => Backend.CountFramesAsync(id, cancellationToken);

    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(Backend.DeleteFramesAsync(id, beforeSequence, cancellationToken));

    public ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => Backend.ReapExpiredSessionsAsync(cancellationToken);

    private async ValueTask<T> AnswerAsync<T>(ValueTask<T> answer)
    {
        var failure = Failure;
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
