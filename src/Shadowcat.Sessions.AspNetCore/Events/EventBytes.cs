namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Counts the bytes that this process appends to logs, and decides which events are deleted so that no log exceeds its maximum.</summary>
/// <remarks>They are counted in halves of the maximum: when one is full, the one before it is deleted. So a log needs a few numbers, and not one for each event.</remarks>
/// <param name="maxBytes">The maximum of one log, in bytes.</param>
internal sealed class EventBytes(long maxBytes)
{
    /// <summary>Beyond it, all logs are counted from zero again, so that the memory is bounded.</summary>
    private const int MaxLogs = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, Half> _halves = [];

    /// <summary>Counts an event.</summary>
    /// <param name="log">Its log.</param>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="bytes">How many bytes it has.</param>
    /// <returns>The sequence before which events are to be deleted; null where none is.</returns>
    public long? Add(SessionId log, long sequence, long bytes)
    {
        lock (_lock)
        {
            if (!_halves.TryGetValue(log, out var half))
            {
                if (_halves.Count == MaxLogs)
                {
                    _halves.Clear();
                }

                _halves[log] = half = new Half { First = sequence };
            }

            var first = 0L;
            if (half.Bytes > 0 && half.Bytes + bytes > maxBytes / 2)
            {
                first = half.First;
                (half.BytesBefore, half.First, half.Bytes) = (half.Bytes, sequence, 0);
            }

            half.Bytes += bytes;
            if (half.BytesBefore > 0 && half.BytesBefore + half.Bytes > maxBytes)
            {
                (first, half.BytesBefore) = (half.First, 0);
            }

            return first > 0 ? first : null;
        }
    }

    /// <summary>Removes a log.</summary>
    public void Remove(SessionId log)
    {
        lock (_lock)
        {
            _halves.Remove(log);
        }
    }

    private sealed class Half
    {
        public long First { get; set; }

        public long Bytes { get; set; }

        public long BytesBefore { get; set; }
    }
}
