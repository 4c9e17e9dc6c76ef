using System.Collections.Concurrent;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Which generation an id had when it was last looked at. It may be wrong: the store inside refuses what is meant for a generation that has ended, and then it is looked at again.</summary>
internal sealed class GenerationCache
{
    /// <summary>So many ids are known; one more, and all of them are read anew.</summary>
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<SessionId, Guid> _generations = [];

    /// <summary>The generation of an id; <see cref="Guid.Empty"/> where it is not known.</summary>
    public Guid Find(SessionId id) => _generations.GetValueOrDefault(id);

    /// <summary>Notes the session that an id has; null for none.</summary>
    public void Note(SessionId id, Session? session)
    {
        if (session is null)
        {
            _generations.TryRemove(id, out _);
            return;
        }

        if (_generations.Count >= Capacity)
        {
            _generations.Clear();
        }

        _generations[id] = session.Generation;
    }
}
