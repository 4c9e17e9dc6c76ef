namespace Shadowcat.Sessions.Redis;

/// <summary>Goes through the index of one partition, a chunk at a time.</summary>
/// <param name="read">Reads the chunk behind a place, with so many entries at most.</param>
/// <param name="after">Behind which place it begins; null for the beginning.</param>
/// <param name="isAhead">Whether the next chunk is asked for when one has come, rather than when it is needed.</param>
internal sealed class IndexCursor(Func<IndexPlace?, int, Task<IndexChunk>> read, IndexPlace? after, bool isAhead) : IDisposable
{
    private IReadOnlyList<SessionPlace> _places = [];
    private int _position;
    private Task<IndexChunk>? _next;
    private IndexPlace? _end = after;

    /// <summary>Whether there is nothing behind what it has.</summary>
    public bool HasAll { get; private set; }

    /// <summary>Whether a chunk has to be read before there may be another place.</summary>
    public bool IsEmpty => _position == _places.Count;

    /// <summary>The place it is at.</summary>
    public SessionPlace Current => _places[_position];

    /// <summary>Moves on to the next place.</summary>
    public void MoveOn() => _position++;

    /// <summary>Reads chunks until there is a place, or no more.</summary>
    /// <param name="size">How many places are wanted.</param>
    /// <returns>How many entries were passed over that are no sessions.</returns>
    public async Task<int> FillAsync(int size)
    {
        var foreign = 0;
        while (IsEmpty && !HasAll)
        {
            // Where nothing is read ahead, one more entry shows whether there is more.
            var chunk = await (_next ?? read(_end, isAhead ? size : size + 1)).ConfigureAwait(false);
            (_places, _position, _end, _next) = (chunk.Places, 0, chunk.End, null);
            foreign += chunk.Foreign;
            HasAll = chunk.End is null;
            if (isAhead && !HasAll)
            {
                _next = read(_end, size);
            }
        }

        return foreign;
    }

    public void Dispose()
    {
        if (_next is { } next)
        {
            AbandonedReply.Observe(next);
        }
    }
}
