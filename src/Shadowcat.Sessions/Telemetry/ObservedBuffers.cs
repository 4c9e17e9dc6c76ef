using System.Collections.Concurrent;

namespace Shadowcat.Sessions;

/// <summary>The buffers whose level is observed by whoever listens to the meter.</summary>
internal sealed class ObservedBuffers
{
    private readonly ConcurrentDictionary<Observation, SessionBuffer> _buffers = [];

    public IDisposable Add(SessionBuffer buffer)
    {
        var observation = new Observation(this);
        _buffers[observation] = buffer;
        return observation;
    }

    /// <summary>The level of all buffers together.</summary>
    public long Sum(Func<SessionBuffer, long> level) => _buffers.Values.Sum(level);

    private sealed class Observation(ObservedBuffers buffers) : IDisposable
    {
        public void Dispose() => buffers._buffers.TryRemove(this, out _);
    }
}
