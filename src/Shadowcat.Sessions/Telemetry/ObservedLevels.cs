using System.Collections.Concurrent;

namespace Shadowcat.Sessions;

/// <summary>Levels that whoever listens to the meter observes, such as that of each buffer.</summary>
internal sealed class ObservedLevels
{
    private readonly ConcurrentDictionary<Observation, Func<long>> _levels = [];

    public IDisposable Add(Func<long> level)
    {
        var observation = new Observation(this);
        _levels[observation] = level;
        return observation;
    }

    /// <summary>All of them together.</summary>
    public long Sum() => _levels.Values.Sum(static level => level());

    private sealed class Observation(ObservedLevels levels) : IDisposable
    {
        public void Dispose() => levels._levels.TryRemove(this, out _);
    }
}
