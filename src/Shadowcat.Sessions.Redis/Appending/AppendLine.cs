namespace Shadowcat.Sessions.Redis;

/// <summary>The sessions that wait for a flight, first come first served. Guarded by the queue's lock.</summary>
/// <param name="oneCaller">Whether a flight takes one caller's frames of a session only, because one caller may be refused where another is not.</param>
internal sealed class AppendLine(bool oneCaller)
{
    private readonly Queue<SessionChannel> _channels = new();

    /// <summary>How many sessions wait. Those that are part of a flight do not, whatever waits in them.</summary>
    public int Count => _channels.Count;

    /// <summary>Lets an append wait, behind all others of its session.</summary>
    public void Enqueue(SessionChannel channel, PendingAppend append)
    {
        channel.Waiting.Enqueue(append);
        if (!channel.IsTaken)
        {
            channel.IsTaken = true;
            _channels.Enqueue(channel);
        }
    }

    /// <summary>Fills a flight that is empty.</summary>
    /// <param name="flight">The flight.</param>
    /// <param name="share">How many sessions it takes at most.</param>
    /// <returns>Whether there was anything to take.</returns>
    public bool TryFill(AppendFlight flight, int share)
    {
        while (!flight.IsFull && flight.Count < share && _channels.TryDequeue(out var channel))
        {
            if (flight.TryTake(channel, oneCaller))
            {
                continue;
            }

            Free(channel);
            if (channel.IsTaken)
            {
                // It had something that did not fit: this flight is full, the channel stands in line again.
                break;
            }
        }

        return !flight.IsEmpty;
    }

    /// <summary>Puts a channel that is not part of a flight any more back in line if something waits in it.</summary>
    public void Free(SessionChannel channel)
    {
        channel.IsTaken = !channel.Waiting.IsEmpty;
        if (channel.IsTaken)
        {
            _channels.Enqueue(channel);
        }
    }

    /// <summary>Tells those whose time is up, and all where it is known that the server does not answer.</summary>
    public void EndUnsent(long now, RedisCircuit circuit)
    {
        foreach (var channel in _channels)
        {
            channel.Waiting.EndUnsent(now, circuit);
        }
    }
}
