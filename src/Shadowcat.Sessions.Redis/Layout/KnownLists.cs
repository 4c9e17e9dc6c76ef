using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Redis;

/// <summary>The lists of frames that this process knows in a partition.</summary>
/// <remarks>
/// An unknown list has no token here. A command about it names a list that does not exist, and the answer contains the token, for one round trip more. The
/// number of lists is bounded: when the younger half is full, it becomes the older half, and the former older half is dropped.
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
            Rotate();
        }

        Volatile.Read(ref _younger)[id] = list;
    }

    private void Rotate()
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
