namespace Shadowcat.Sessions;

/// <summary>Which generation of a session had an id last, as far as this buffer has seen: what is accepted for an id is meant for that one.</summary>
/// <remarks>
/// Bounded, in two dictionaries: where the younger is full it becomes the older, and the older one is dropped. What is used moves to the younger. Guarded by the buffer's lock,
/// all but the moments.
/// </remarks>
internal sealed class KnownGenerations
{
    /// <summary>How many ids the younger holds: some 5 MB of both together.</summary>
    private const int Half = 20_000;

    private Dictionary<SessionId, Entry> _younger = [];
    private Dictionary<SessionId, Entry> _older = [];
    private long _moment;

    /// <summary>A moment later than all before.</summary>
    public long Moment() => Interlocked.Increment(ref _moment);

    /// <summary>The generation that an id had last; <see cref="Guid.Empty"/> where that is not known.</summary>
    public Guid Find(SessionId id) => Find(id, out _);

    /// <inheritdoc cref="Find(SessionId)"/>
    /// <param name="id">The id.</param>
    /// <param name="notedAt">The moment at which that was noted.</param>
    public Guid Find(SessionId id, out long notedAt)
    {
        if (!_younger.TryGetValue(id, out var entry) && _older.TryGetValue(id, out entry))
        {
            Put(id, entry);
        }

        notedAt = entry.NotedAt;
        return entry.Generation;
    }

    /// <summary>Notes the session that a call saw. Of two calls, what the one saw is newer that began later.</summary>
    /// <param name="id">The id.</param>
    /// <param name="generation">The generation of the session.</param>
    /// <param name="begun">The moment at which the call began.</param>
    /// <returns>False where something newer is known.</returns>
    public bool Saw(SessionId id, Guid generation, long begun)
    {
        var before = Before(id);

        // A call that was under way when another one saw no session may have seen one that began since; only the one that is known to have ended it cannot be.
        if (before.Begun >= begun && (before.Generation != Guid.Empty || before.Ended == generation))
        {
            return false;
        }

        Put(id, new Entry(generation, Guid.Empty, begun, Moment()));
        return true;
    }

    /// <summary>Notes that a read saw no session.</summary>
    /// <param name="id">The id.</param>
    /// <param name="begun">The moment at which the read began.</param>
    /// <returns>False where a session was seen since: it may be one that began later.</returns>
    public bool SawNone(SessionId id, long begun)
    {
        var before = Before(id);
        if (before.NotedAt >= begun)
        {
            return false;
        }

        Put(id, Absent(before, begun));
        return true;
    }

    /// <summary>Notes that a generation ended, unless another one is known already.</summary>
    public void End(SessionId id, Guid generation)
    {
        if (Find(id) == generation)
        {
            End(id);
        }
    }

    /// <summary>Notes that the session which is known, if any, has ended.</summary>
    public void End(SessionId id) => Put(id, Absent(Before(id), Moment()));

    private Entry Absent(Entry before, long begun) => new(Guid.Empty, before.Generation == Guid.Empty ? before.Ended : before.Generation, begun, Moment());

    private Entry Before(SessionId id) => _younger.TryGetValue(id, out var entry) ? entry : _older.GetValueOrDefault(id);

    private void Put(SessionId id, Entry entry)
    {
        _older.Remove(id);
        if (_younger.Count >= Half && !_younger.ContainsKey(id))
        {
            (_older, _younger) = (_younger, []);
        }

        _younger[id] = entry;
    }

    /// <param name="Generation">The generation; <see cref="Guid.Empty"/> where there is none, or nobody knows.</param>
    /// <param name="Ended">Where there is none: the one before, which has ended.</param>
    /// <param name="Begun">The moment at which the call began that said so.</param>
    /// <param name="NotedAt">The moment at which it was noted.</param>
    private readonly record struct Entry(Guid Generation, Guid Ended, long Begun, long NotedAt);
}
