namespace Shadowcat.Sessions.Redis;

/// <summary>One who follows a session, and sleeps until there may be more of it.</summary>
internal sealed class Follower(SessionId id, FollowInterest interest, Action<Follower> leave) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private long _position;

    public SessionId Id { get; } = id;

    /// <summary>What the server knows of those who follow this session in this process.</summary>
    public FollowInterest Interest { get; } = interest;

    /// <summary>Notes which frame is wanted next: what is said of those before it wakes nobody.</summary>
    public void MoveTo(long position) => Volatile.Write(ref _position, position);

    /// <summary>Wakes it, or keeps it from falling asleep.</summary>
    /// <param name="end">The sequence behind the newest frame; 0 where something else changed, or nobody knows what.</param>
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

    /// <summary>Sleeps until it is woken, or was since it slept last, but no longer than this.</summary>
    public Task SleepAsync(TimeSpan longest, CancellationToken cancellationToken) => _wake.WaitAsync(longest, cancellationToken);

    /// <summary>Leaves. The semaphore has nothing to dispose of, and may still be woken by who does not know yet.</summary>
    public void Dispose() => leave(this);
}
