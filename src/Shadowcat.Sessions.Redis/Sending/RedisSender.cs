using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Sends commands, and times callers out by the timeout of their operation.</summary>
/// <remarks>The lock is held for bookkeeping only, never while something is sent or a caller is completed.</remarks>
internal sealed class RedisSender : IDisposable
{
    private const int MaxPooled = 4096;

    private readonly Lock _lock = new();
    private readonly Stack<RedisWait> _pool = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ITimer _watch;
    private readonly TimeSpan _watchInterval;
    private RedisWait? _oldest;
    private RedisWait? _newest;
    private int _waiting;
    private bool _isWatching;
    private bool _disposed;

    /// <param name="shortestTimeout">The shortest timeout that a caller has.</param>
    public RedisSender(TimeSpan shortestTimeout)
    {
        _watchInterval = TimeSpan.FromMilliseconds(Math.Clamp(shortestTimeout.TotalMilliseconds / 20, 1, 50));
        _watch = _time.CreateTimer(static sender => ((RedisSender)sender!).EndOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When a call that begins now has to be over, as a timestamp of the time provider.</summary>
    public long NewDeadline(TimeSpan timeout) => _time.GetTimestamp() + (long)(timeout.TotalSeconds * _time.TimestampFrequency);

    /// <summary>How much time is left until then; none where it has passed.</summary>
    public TimeSpan Left(long deadline) => TimeSpan.FromSeconds(Math.Max(0, (double)(deadline - _time.GetTimestamp()) / _time.TimestampFrequency));

    /// <summary>Sends a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="target">Where to.</param>
    /// <param name="deadline">When the caller stops waiting.</param>
    /// <param name="cancellationToken">Stops waiting; the command may be carried out all the same.</param>
    /// <returns>Completes when the answer can be read. To be awaited once.</returns>
    /// <exception cref="TimeoutException">The deadline has passed.</exception>
    public ValueTask<bool> SendAsync(RedisCommand command, RedisTarget target, long deadline, CancellationToken cancellationToken)
    {
        RedisWait wait;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            wait = _pool.TryPop(out var pooled) ? pooled : new RedisWait(this);
            wait.Begin(command, target, deadline);
            Add(wait);
        }

        var task = wait.WaitAsync(cancellationToken);
        wait.Send();
        return task;
    }

    /// <summary>Removes one from those who wait.</summary>
    public void Remove(RedisWait wait)
    {
        lock (_lock)
        {
            Unlist(wait);
        }
    }

    /// <summary>Returns to the pool what nobody holds any more.</summary>
    public void Return(RedisWait wait)
    {
        lock (_lock)
        {
            if (_pool.Count < MaxPooled)
            {
                _pool.Push(wait);
            }
        }
    }

    /// <summary>Refuses what comes later. Callers that wait already still get their answer or their timeout.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            if (_waiting == 0)
            {
                _watch.Dispose();
            }
        }
    }

    private void EndOverdue()
    {
        while (TryTakeOverdue(out var wait))
        {
            wait.Fail(new TimeoutException());
        }
    }

    /// <summary>Removes and claims one whose time is up.</summary>
    private bool TryTakeOverdue([NotNullWhen(true)] out RedisWait? overdue)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            for (overdue = _oldest; overdue is not null; overdue = overdue.Newer)
            {
                // Claimed under the lock, it cannot return to the pool and get another caller before it is completed.
                if (now >= overdue.Deadline && overdue.TryClaim())
                {
                    Unlist(overdue);
                    return true;
                }
            }

            if (_waiting == 0)
            {
                StopWatching();
            }

            return false;
        }
    }

    private void StopWatching()
    {
        _isWatching = false;
        _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_disposed)
        {
            _watch.Dispose();
        }
    }

    private void Add(RedisWait wait)
    {
        wait.IsListed = true;
        wait.Older = _newest;
        if (_newest is null)
        {
            _oldest = wait;
        }
        else
        {
            _newest.Newer = wait;
        }

        _newest = wait;
        _waiting++;
        if (!_isWatching)
        {
            _isWatching = true;
            _watch.Change(_watchInterval, _watchInterval);
        }
    }

    private void Unlist(RedisWait wait)
    {
        if (!wait.IsListed)
        {
            return;
        }

        wait.IsListed = false;
        if (wait.Older is null)
        {
            _oldest = wait.Newer;
        }
        else
        {
            wait.Older.Newer = wait.Newer;
        }

        if (wait.Newer is null)
        {
            _newest = wait.Older;
        }
        else
        {
            wait.Newer.Older = wait.Older;
        }

        wait.Older = null;
        wait.Newer = null;
        _waiting--;
    }
}
