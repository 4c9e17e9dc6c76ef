using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>The broken promises of a run: how many of each kind, and what the first of them were.</summary>
internal sealed class Findings
{
    private const int Described = 5;

    private readonly ConcurrentDictionary<Breach, int> _counts = new();
    private readonly ConcurrentQueue<string> _descriptions = new();

    public bool Any => !_counts.IsEmpty;

    public IReadOnlyDictionary<Breach, int> Counts => _counts;

    /// <summary>A line for each of the first few of every kind.</summary>
    public IEnumerable<string> Descriptions => _descriptions;

    public int Of(params Breach[] breaches) => breaches.Sum(breach => _counts.GetValueOrDefault(breach));

    public void Add(Breach breach, string description)
    {
        if (_counts.AddOrUpdate(breach, 1, static (_, count) => count + 1) <= Described)
        {
            _descriptions.Enqueue($"{breach}: {description}");
        }
    }
}
