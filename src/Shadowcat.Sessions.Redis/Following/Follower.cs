namespace Shadowcat.Sessions.Redis;

/// <summary>A reader that follows a session, and sleeps until there may be more frames.</summary>
internal sealed class Follower(SessionId id, FollowInterest interest, Action<Follower> leave) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private long _position;

    public SessionId Id { get; } = id;

    /// <summary>The note on the server that this process follows the session.</summary>
    public FollowInterest Interest { get; } = interest;

    /// <summary>Notes which frame is wanted next: a message about frames before it does not wake the follower.</summary>
    public void MoveTo(long position) => Volatile.Write(ref _position, position);

    /// <summary>Wakes it, or keeps it from falling asleep the next time.</summary>
    /// <param name="end">The sequence behind the newest frame; 0 where something else changed, or it is not known what.</param>
    public void Wake(long end = 0)
    {
        if (end > 0 && end <= Volatile.Read(ref _position))
        {
            return;
        }

        lock (_lock)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    /// <summary>Sleeps until it is woken, but no longer than this. If it was woken since it slept last, it returns at once.</summary>
    public Task SleepAsync(TimeSpan longest, CancellationToken cancellationToken) => _wake.WaitAsync(longest, cancellationToken);

    /// <summary>Leaves. The semaphore is not disposed of: it may still be released by a message that is being handled.</summary>
    public void Dispose() => leave(this);
}
