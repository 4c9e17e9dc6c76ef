using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Redis;

/// <summary>The stores whose levels are observed.</summary>
internal sealed class StoreLevels
{
    private readonly ConcurrentDictionary<Observation, IStoreLevels> _stores = [];

    public IDisposable Add(IStoreLevels store)
    {
        var observation = new Observation(this);
        _stores[observation] = store;
        return observation;
    }

    /// <summary>The level of all stores together.</summary>
    public long Sum(Func<IStoreLevels, long> level)
    {
        var sum = 0L;
        foreach (var (_, store) in _stores)
        {
            sum += level(store);
        }

        return sum;
    }

    private sealed class Observation(StoreLevels levels) : IDisposable
    {
        public void Dispose() => levels._stores.TryRemove(this, out _);
    }
}
