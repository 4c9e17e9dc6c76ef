namespace Shadowcat.Sessions.Redis;

/// <summary>Goes through the indexes of all partitions at once, in the order of the listing.</summary>
/// <remarks>Of each partition it has a chunk of entries, and the next one where it reads ahead.</remarks>
internal sealed class IndexMerge : IDisposable
{
    /// <summary>Fewer are not read of the index of a partition at a time.</summary>
    private const int MinChunk = 4;

    private readonly IndexCursor[] _cursors;
    private readonly PriorityQueue<IndexCursor, SessionPlace> _queue;
    private readonly Action<int> _passOver;
    private IndexCursor? _emptied;
    private bool _hasBegun;

    /// <param name="cursors">A cursor for each partition.</param>
    /// <param name="order">The order that they are in.</param>
    /// <param name="passOver">Takes how many entries were passed over that are no sessions.</param>
    public IndexMerge(IndexCursor[] cursors, SessionOrder order, Action<int> passOver)
    {
        _cursors = cursors;
        _passOver = passOver;
        _queue = new(cursors.Length, order == SessionOrder.OldestFirst
            ? Comparer<SessionPlace>.Default
            : Comparer<SessionPlace>.Create(static (left, right) => right.CompareTo(left)));
    }

    /// <summary>Whether there may be more places.</summary>
    public bool HasMore => !_hasBegun || _queue.Count > 0 || _emptied is { HasAll: false };

    /// <summary>The next places; fewer than asked for where there are no more.</summary>
    public async ValueTask<List<SessionPlace>> NextAsync(int count)
    {
        if (!_hasBegun)
        {
            await Task.WhenAll(_cursors.Select(cursor => FillAsync(cursor, count))).ConfigureAwait(false);
            _hasBegun = true;
            foreach (var cursor in _cursors)
            {
                Enqueue(cursor);
            }
        }

        var places = new List<SessionPlace>(count);
        while (places.Count < count)
        {
            if (_emptied is { } emptied)
            {
                await FillAsync(emptied, count - places.Count).ConfigureAwait(false);
                _emptied = null;
                Enqueue(emptied);
            }

            if (!_queue.TryDequeue(out var cursor, out var place))
            {
                break;
            }

            places.Add(place);
            cursor.MoveOn();
            if (cursor.IsEmpty)
            {
                // Its next chunk is waited for only when the next place is: what was read can be worked on meanwhile.
                _emptied = cursor;
            }
            else
            {
                _queue.Enqueue(cursor, cursor.Current);
            }
        }

        return places;
    }

    public void Dispose() => Array.ForEach(_cursors, static cursor => cursor.Dispose());

    private void Enqueue(IndexCursor cursor)
    {
        if (!cursor.IsEmpty)
        {
            _queue.Enqueue(cursor, cursor.Current);
        }
    }

    /// <param name="cursor">The cursor.</param>
    /// <param name="wanted">How many places of all partitions are wanted still: of several, each gives twice its share, so that it seldom has to be asked again.</param>
    private async Task FillAsync(IndexCursor cursor, int wanted) =>
        _passOver(await cursor.FillAsync(_cursors.Length == 1 ? wanted : Math.Max(MinChunk, 2 * wanted / _cursors.Length)).ConfigureAwait(false));
}
