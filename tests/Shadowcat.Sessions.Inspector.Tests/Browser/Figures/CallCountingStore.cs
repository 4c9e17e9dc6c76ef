using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Inspector.Tests.Browser.Figures;

/// <summary>Counts how often pages ask a store for something, and how many frames they take.</summary>
internal sealed class CallCountingStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private readonly ConcurrentDictionary<string, long> _calls = new(StringComparer.Ordinal);

    /// <summary>The counts since they were taken last.</summary>
    public IReadOnlyDictionary<string, long> Take()
    {
        var taken = _calls.ToDictionary(StringComparer.Ordinal);
        _calls.Clear();
        return taken;
    }

    public override ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        Count("sessions");
        return base.GetSessionAsync(id, cancellationToken);
    }

    public override ValueTask<SessionPage> ListSessionPageAsync(SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        Count("lists");
        return base.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);
    }

    public override ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default)
    {
        Count("totals");
        return base.CountSessionsAsync(cancellationToken);
    }

    public override IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        Count("readings in bulk");
        return base.BorrowFramesAsync(id, range, cancellationToken);
    }

    public override IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default)
    {
        Count("followings");
        return base.FollowFramesAsync(id, range, cancellationToken).Select(frame =>
        {
            Count("frames followed");
            return frame;
        });
    }

    private void Count(string what) => _calls.AddOrUpdate(what, 1, static (_, count) => count + 1);
}
