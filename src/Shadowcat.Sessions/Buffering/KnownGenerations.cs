namespace Shadowcat.Sessions;

/// <summary>Which generation of a session had an id last, as far as this buffer has seen: what is accepted for an id is meant for that one.</summary>
/// <remarks>
/// Bounded, in two dictionaries: where the younger is full it becomes the older, and the one that was is forgotten. What is used moves to the younger. Guarded by the buffer's lock,
/// all but the moments.
/// </remarks>
internal sealed class KnownGenerations
{
    /// <summary>How many ids the younger holds: some 5 MB of both together.</summary>
    private const int Half = 20_000;

    private Dictionary<SessionId, Entry> _younger = [];
    private Dictionary<SessionId, Entry> _older = [];
    private long _moment;

    /// <summary>A moment later than all before. What a read answers that began then is older than what was noted at a later one.</summary>
    public long Moment() => Interlocked.Increment(ref _moment);

    /// <summary>The generation that an id had last; <see cref="Guid.Empty"/> where that is not known.</summary>
    public Guid Find(SessionId id)
    {
        if (_younger.TryGetValue(id, out var entry))
        {
            return entry.Generation;
        }

        if (_older.TryGetValue(id, out entry))
        {
            Put(id, entry);
        }

        return entry.Generation;
    }

    /// <summary>Notes which generation an id has.</summary>
    /// <param name="id">The id.</param>
    /// <param name="generation">The generation; <see cref="Guid.Empty"/> where there is none, or nobody knows.</param>
    /// <param name="asOf">The moment from which this is known.</param>
    /// <returns>False where something newer is known.</returns>
    public bool Note(SessionId id, Guid generation, long asOf)
    {
        if (!_younger.TryGetValue(id, out var before) && !_older.TryGetValue(id, out before))
        {
            before = default;
        }

        if (before.AsOf >= asOf)
        {
            return false;
        }

        Put(id, new Entry(generation, asOf));
        return true;
    }

    /// <summary>Notes that a generation ended, unless another one is known already.</summary>
    public void End(SessionId id, Guid generation)
    {
        if (Find(id) == generation)
        {
            Note(id, Guid.Empty, Moment());
        }
    }

    private void Put(SessionId id, Entry entry)
    {
        _older.Remove(id);
        if (_younger.Count >= Half && !_younger.ContainsKey(id))
        {
            (_older, _younger) = (_younger, []);
        }

        _younger[id] = entry;
    }

    private readonly record struct Entry(Guid Generation, long AsOf);
}
