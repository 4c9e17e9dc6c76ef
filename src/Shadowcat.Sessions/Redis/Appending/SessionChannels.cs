namespace Shadowcat.Sessions;

/// <summary>The channels of a queue, as long as they are of use. Guarded by the queue's lock.</summary>
internal sealed class SessionChannels(RedisPartition partition, TimeProvider time)
{
    /// <summary>How many there are before those that nothing is known of any more are looked for.</summary>
    private const int Many = 10_000;

    private readonly Dictionary<SessionId, SessionChannel> _channels = [];
    private int _sweepAt = Many;

    public SessionChannel this[SessionId id]
    {
        get
        {
            if (!_channels.TryGetValue(id, out var channel))
            {
                Sweep();
                _channels.Add(id, channel = new SessionChannel(id, partition));
            }

            return channel;
        }
    }

    /// <summary>Forgets idle channels of which nothing is known that an append could use; often enough that they never outnumber the others by far.</summary>
    private void Sweep()
    {
        if (_channels.Count < _sweepAt)
        {
            return;
        }

        var now = time.GetTimestamp();
        foreach (var (id, channel) in _channels)
        {
            if (!channel.IsTaken && !channel.IsOfUse(now))
            {
                _channels.Remove(id);
            }
        }

        _sweepAt = Math.Max(Many, _channels.Count * 2);
    }
}
