namespace Shadowcat.Sessions;

/// <summary>The keys that binders asked for, as paths in the section of a store, whatever their case.</summary>
internal sealed class ObservedKeys
{
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys that can be bound: values, lists and sections.</summary>
    public IReadOnlyCollection<string> Known => _known;

    /// <summary>Notes a key that can be bound, of which no value was asked for yet.</summary>
    public void AddKnown(string key) => _known.Add(key);

    /// <summary>Notes a key whose value was asked for.</summary>
    public void AddRead(string key)
    {
        _read.Add(key);
        _known.Add(key);
    }

    /// <summary>Whether the value of a key was asked for.</summary>
    public bool IsRead(string key) => _read.Contains(key);

    /// <summary>Whether a key can be bound.</summary>
    public bool IsKnown(string key) => _known.Contains(key);
}
