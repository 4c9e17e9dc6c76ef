namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>A store in memory that can be away for a while, or hold calls up.</summary>
internal sealed class BreakableStore(ISessionStore inner) : ISessionStore
{
    private volatile Func<string, Exception?>? _fault;
    private volatile TaskCompletionSource? _gate;
    private int _calls;
    private int _held;

    public BreakableStore()
        : this(new InMemorySessionStore())
    {
    }

    /// <summary>How many calls were made.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether a call is held up.</summary>
    public bool IsHolding => Volatile.Read(ref _held) > 0;

    /// <summary>Lets calls fail with what this returns for their operation; null lets them through again.</summary>
    public void Break(Func<string, Exception?>? fault) => _fault = fault;

    /// <summary>Lets every call fail as one to a server that is away.</summary>
    public void TakeAway() => Break(operation => new SessionStoreUnavailableException(operation, sessionId: null, "the server is away.", outcomeUnknown: false));

    /// <summary>Holds calls up until <see cref="Release"/>.</summary>
    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets calls go on.</summary>
    public void Release()
    {
        var gate = _gate;
        _gate = null;
        gate?.TrySetResult();
    }

    public async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        await PassAsync("CreateSession", cancellationToken);
        return await inner.CreateSessionAsync(session, cancellationToken);
    }

    public async ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        await PassAsync("CreateSession", cancellationToken);
        return await inner.CreateSessionAsync(session, firstSequence, cancellationToken);
    }

    public async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        await PassAsync("GetSession", cancellationToken);
        return await inner.GetSessionAsync(id, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        await PassAsync("GetSessions", cancellationToken);
        return await inner.GetSessionsAsync(ids, cancellationToken);
    }

    public async ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        await PassAsync("UpdateSession", cancellationToken);
        return await inner.UpdateSessionAsync(session, cancellationToken);
    }

    public async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        await PassAsync("DeleteSession", cancellationToken);
        return await inner.DeleteSessionAsync(id, cancellationToken);
    }

    public async ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        await PassAsync("TouchSession", cancellationToken);
        return await inner.TouchSessionAsync(id, cancellationToken);
    }

    public IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        inner.ListSessionsAsync(filter, cancellationToken);

    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
        inner.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);

    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => inner.CountSessionsAsync(cancellationToken);

    public async ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        await PassAsync("AddFrame", cancellationToken);
        return await inner.AddFrameAsync(frame, cancellationToken);
    }

    public async ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        await PassAsync("AddFrames", cancellationToken);
        return await inner.AddFramesAsync(id, frames, cancellationToken);
    }

    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        inner.GetFramesAsync(id, range, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        inner.FollowFramesAsync(id, range, cancellationToken);

    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) => inner.CountFramesAsync(id, cancellationToken);

    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        inner.DeleteFramesAsync(id, beforeSequence, cancellationToken);

    public ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => inner.ReapExpiredSessionsAsync(cancellationToken);

    private async Task PassAsync(string operation, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (_gate is { } gate)
        {
            Interlocked.Increment(ref _held);
            await gate.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _held);
        }

        if (_fault?.Invoke(operation) is { } exception)
        {
            throw exception;
        }
    }
}
