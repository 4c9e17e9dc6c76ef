using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Redis;

/// <summary>What this process has come to know of the lists of frames of a partition.</summary>
/// <remarks>
/// A list that nothing is known of has no token here: what is asked of it names a list that does not exist, and the answer says the token, for one round trip more. At most
/// so many are kept: where the younger half is full, it becomes the older, and the one that was is forgotten.
/// </remarks>
internal sealed class KnownLists
{
    private const int Half = 32 * 1024;

    private readonly Lock _lock = new();
    private ConcurrentDictionary<SessionId, KnownList> _younger = [];
    private ConcurrentDictionary<SessionId, KnownList> _older = [];
    private int _count;

    /// <summary>The list of a session, as it was known last.</summary>
    public KnownList this[SessionId id] =>
        Volatile.Read(ref _younger).TryGetValue(id, out var list) || Volatile.Read(ref _older).TryGetValue(id, out list) ? list : KnownList.None;

    public void Note(SessionId id, KnownList list)
    {
        if (this[id].Is(list))
        {
            return;
        }

        if (Interlocked.Increment(ref _count) > Half)
        {
            Turn();
        }

        Volatile.Read(ref _younger)[id] = list;
    }

    private void Turn()
    {
        lock (_lock)
        {
            if (_count > Half)
            {
                Volatile.Write(ref _older, _younger);
                Volatile.Write(ref _younger, []);
                Volatile.Write(ref _count, 0);
            }
        }
    }
}
