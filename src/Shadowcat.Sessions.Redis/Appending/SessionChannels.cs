using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Redis;

/// <summary>The channels of a queue, as long as they are of use.</summary>
internal sealed class SessionChannels(RedisPartition partition, TimeProvider time)
{
    /// <summary>How many there are before those that nothing is known of any more are looked for.</summary>
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<SessionId, SessionChannel> _channels = [];
    private int _count;
    private int _sweepAt = Many;

    /// <summary>The channel of a session. Looked up outside of the queue's lock, it may be forgotten before it is used, as it says then.</summary>
    public SessionChannel this[SessionId id] => _channels.TryGetValue(id, out var channel) ? channel : Add(id);

    /// <summary>Notes that a session was created: where there is a channel, what it knows is of another one.</summary>
    public void Created(SessionId id)
    {
        if (_channels.TryGetValue(id, out var channel))
        {
            channel.IsOutdated = true;
        }
    }

    /// <summary>Forgets idle channels of which nothing is known that an append could use; often enough that they never outnumber the others by far. Under the queue's lock.</summary>
    public void Sweep()
    {
        if (Volatile.Read(ref _count) < _sweepAt)
        {
            return;
        }

        var now = time.GetTimestamp();
        foreach (var (id, channel) in _channels)
        {
            if (!channel.IsTaken && !channel.IsOfUse(now))
            {
                channel.IsForgotten = true;
                if (_channels.TryRemove(id, out _))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }

        _sweepAt = Math.Max(Many, Volatile.Read(ref _count) * 2);
    }

    private SessionChannel Add(SessionId id)
    {
        var added = new SessionChannel(id, partition);
        var channel = _channels.GetOrAdd(id, added);
        if (ReferenceEquals(channel, added))
        {
            Interlocked.Increment(ref _count);
        }

        return channel;
    }
}
