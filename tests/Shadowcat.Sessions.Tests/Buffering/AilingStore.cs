using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A store in memory that is away, or does not say what it has done, when the test says so: what another process does goes to <see cref="Backend"/>.</summary>
internal sealed class AilingStore : ISessionStore, IRepeatableAppends, ISessionChanges
{
    private int _calls;

    public AilingStore(SessionStoreOptions? options = null) => Backend = new InMemorySessionStore(options, Clock);

    public FakeTimeProvider Clock { get; } = new();

    public InMemorySessionStore Backend { get; }

    /// <summary>What is wrong at a call for a session.</summary>
    public Func<SessionId, Ailment> Ailing { get; set; } = static _ => Ailment.None;

    /// <summary>What every call fails with, whatever ails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many calls there were that change something or read a session.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public SessionStoreOptions Options => ((IRepeatableAppends)Backend).Options;

    public TimeProvider TimeProvider => Clock;

    public long HeardUntil => long.MaxValue;

    public void Ail(Ailment ailment) => Ailing = _ => ailment;

    public IDisposable Subscribe(ISessionChangeListener listener) => ((ISessionChanges)Backend).Subscribe(listener);

    public long EarliestTimestampOf(DateTimeOffset moment) => ((ISessionChanges)Backend).EarliestTimestampOf(moment);

    public ValueTask<long> AppendAsync(string operation, SessionId id, byte[][] frames, long since, CancellationToken cancellationToken) =>
        CallAsync(operation, id, () => ((IRepeatableAppends)Backend).AppendAsync(operation, id, frames, since, cancellationToken));

    public ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => CreateSessionAsync(session, 0, cancellationToken);

    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        CallAsync("CreateSession", session.Id, () => Backend.CreateSessionAsync(session, firstSequence, cancellationToken));

    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        CallAsync("GetSession", id, () => Backend.GetSessionAsync(id, cancellationToken));

    public ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default) =>
        CallAsync("GetSessions", ids[0], () => Backend.GetSessionsAsync(ids, cancellationToken));

    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CallAsync("UpdateSession", session.Id, () => Backend.UpdateSessionAsync(session, cancellationToken));

    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        CallAsync("DeleteSession", id, () => Backend.DeleteSessionAsync(id, cancellationToken));

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
        Backend.DeleteFramesAsync(id, beforeSequence, cancellationToken);

    public ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => Backend.ReapExpiredSessionsAsync(cancellationToken);

    private async ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call)
    {
        Interlocked.Increment(ref _calls);
        await Task.Yield();
        if (Failure is { } failure)
        {
            throw failure;
        }

        var ailment = Ailing(id);
        var result = ailment is Ailment.None or Ailment.SilentThoughDone or Ailment.BrokenThoughDone ? await call() : default!;
        return ailment switch
        {
            Ailment.Away => throw new SessionStoreUnavailableException(operation, id, "it is away.", outcomeUnknown: false),
            Ailment.Silent or Ailment.SilentThoughDone => throw new SessionTimeoutException(operation, id, TimeSpan.FromSeconds(1)),
            Ailment.BrokenThoughDone => throw new SessionStoreUnavailableException(operation, id, "the connection broke.", outcomeUnknown: true),
            Ailment.Full => throw new SessionLimitExceededException(operation, id, "maxmemory", "the server is full."),
            _ => result,
        };
    }
}
