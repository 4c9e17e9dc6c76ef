namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Follows a session on a server that evicts, from its beginning until it learns that frames or the session are gone.</summary>
internal sealed class EvictionFollower : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Lock _lock = new();
    private readonly List<MessageEnvelope> _frames = [];
    private readonly Task _following;

    public EvictionFollower(RedisSessionStore store, SessionId id) => _following = FollowAsync(store, id);

    /// <summary>Whether it learned of a loss.</summary>
    public bool HasEnded => _following.IsCompleted;

    private MessageEnvelope[] Frames
    {
        get
        {
            lock (_lock)
            {
                return [.. _frames];
            }
        }
    }

    /// <summary>Waits until it has got everything, or learned why not.</summary>
    public async Task AssertCaughtUpAsync(EvictableSession session)
    {
        await Poll.UntilAsync(() => Task.FromResult(HasEnded || Frames is [.., var last] && last.Sequence == session.Next - 1), "the follower has got everything, or learned of a loss");
        session.AssertFollowed(Frames);
    }

    /// <summary>Waits until it learned that the session is gone.</summary>
    public async Task AssertToldAsync(EvictableSession session)
    {
        await Poll.UntilAsync(() => Task.FromResult(HasEnded), "the follower has learned of it");
        session.AssertFollowed(Frames);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task FollowAsync(RedisSessionStore store, SessionId id)
    {
        try
        {
            await foreach (var frame in store.FollowFramesAsync(id, FrameRange.From(0), _stopping.Token))
            {
                lock (_lock)
                {
                    _frames.Add(frame);
                }
            }
        }
        catch (Exception exception) when (exception is FramesTrimmedException or FramesLostException or SessionNotFoundException)
        {
            // That is how it is to end.
        }
    }
}
