using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Inspector.Tests;

/// <summary>A store that can be away for a while, and of which single frames cannot be read.</summary>
internal sealed class FailingStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private volatile bool _isAway;
    private volatile bool _failsFollowing;

    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Whether following fails at once, and nothing else does.</summary>
    public bool FailsFollowing
    {
        get => _failsFollowing;
        set => _failsFollowing = value;
    }

    /// <summary>The frames that cannot be read.</summary>
    public HashSet<long> Unreadable { get; } = [];

    /// <summary>The session that cannot be read.</summary>
    public SessionId? UnreadableSession { get; init; }

    public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        ThrowIfAway("GetSession");
        return id == UnreadableSession ? throw new SessionSerializationException("GetSession", id, "the session has another format") : await base.GetSessionAsync(id, cancellationToken);
    }

    public override async ValueTask<SessionPage> ListSessionPageAsync(SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        ThrowIfAway("ListSessionPage");
        return await base.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);
    }

    public override IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        ReadAsync("GetFrames", base.GetFramesAsync(id, range, cancellationToken), cancellationToken);

    public override IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        GetFramesAsync(id, range, cancellationToken).Borrow();

    public override IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        ReadAsync("FollowFrames", base.FollowFramesAsync(id, range, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<MessageEnvelope> ReadAsync(string operation, IAsyncEnumerable<MessageEnvelope> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfAway(operation, FailsFollowing && operation == "FollowFrames");
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            yield return Unreadable.Contains(frame.Sequence) ? throw new SessionSerializationException(operation, frame.SessionId, "the frame has another format") : frame;
        }
    }

    private void ThrowIfAway(string operation, bool isAway = false)
    {
        if (IsAway || isAway)
        {
            throw new SessionStoreUnavailableException(operation, sessionId: null, "the server is away.", outcomeUnknown: false);
        }
    }
}
