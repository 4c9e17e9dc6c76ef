using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads the frames of a session page by page, in order and without a gap, the next page while the caller is busy with the one before.</summary>
internal sealed class RedisFramePages : IFramePages
{
    private const int FirstPage = 32;
    private const int LargestPage = 512;
    private const int Growth = 8;
    private const long PageBytes = 1024 * 1024;

    /// <summary>What a page must never exceed, even if all its frames are as large as a frame can be: a reply of this size still fits one buffer.</summary>
    private const long MostBytes = 1024 * PageBytes;

    /// <summary>A place behind the end of every list that fits a server, and that some servers still take with a page added to it.</summary>
    private const long BeyondEveryList = int.MaxValue - LargestPage;

    private readonly RedisBackend _backend;
    private readonly string _operation;
    private readonly SessionId _id;
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationToken _stopped;
    private readonly int _largestBlindPage;

    private Task<FramePage?>? _ahead;
    private bool _ended;

    private int _pageSize;
    private string? _generation;
    private long? _next;
    private long _origin;
    private long? _end;
    private long _left;
    private bool _isFromEnd;

    /// <summary>Begins to read.</summary>
    /// <param name="backend">Where from.</param>
    /// <param name="operation">What the caller asked for.</param>
    /// <param name="id">The session.</param>
    /// <param name="range">Which frames.</param>
    /// <param name="known">What is known of the list, and which life of the id is meant; null for the one that is found.</param>
    /// <param name="maxFrameBytes">How large a frame can be.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public RedisFramePages(
        RedisBackend backend, string operation, SessionId id, FrameRange range, FrameList? known, int maxFrameBytes, CancellationToken cancellationToken)
    {
        _backend = backend;
        _operation = operation;
        _id = id;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopped = _stopping.Token;
        _isFromEnd = range.IsFromEnd;
        _generation = known?.Generation;
        _origin = known?.Origin ?? 0;
        _end = known?.End;
        _next = range.Start;
        _left = range.Count ?? long.MaxValue;
        _largestBlindPage = (int)Math.Clamp(MostBytes / maxFrameBytes, 1, LargestPage);
        _pageSize = _isFromEnd ? _largestBlindPage : Math.Min(FirstPage, _largestBlindPage);
    }

    public async ValueTask<FramePage?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        _ended = true; // unless there is another page; where that fails, this was all
        var reading = _ahead ?? ReadAsync();
        _ahead = null;
        var page = await reading.ConfigureAwait(false);
        _ended = page is null || _left == 0;
        if (!_ended && _next < _end)
        {
            // Only where there are more: a look at the end, before the caller has come to it, could miss what is appended until then.
            _ahead = ReadAsync();
        }

        return page;
    }

    public void Dispose()
    {
        _ended = true;
        _stopping.Cancel();
        _stopping.Dispose();
        if (_ahead is { } ahead)
        {
            _ahead = null;
            _ = GiveBackAsync(ahead);
        }
    }

    /// <summary>Nobody asks for this page any more: what it has is given back, and why it failed is of no interest.</summary>
    private static async Task GiveBackAsync(Task<FramePage?> reading)
    {
        try
        {
            (await reading.ConfigureAwait(false))?.Dispose();
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException)
        {
            // Whoever reads the session again hears of it.
        }
    }

    private Task<FramePage?> ReadAsync() =>
        _backend.Telemetry.MeasureAsync(_operation, () => new ValueTask<FramePage?>(ReadPageAsync())).AsTask();

    private async Task<FramePage?> ReadPageAsync()
    {
        if (_left == 0 || _next >= _end || (_isFromEnd && _left > BeyondEveryList))
        {
            // No frames are wanted, or all that were known have been read, or the place to begin at is beyond what the server takes: the hash says what there is.
            var list = Require(await RunAsync(ReadListAsync).ConfigureAwait(false));
            Note(list);
            if (_left == 0 || (list.First <= _next && list.End <= _next))
            {
                return null;
            }
        }

        while (true)
        {
            var count = Math.Min(_pageSize, _left);
            var start = _isFromEnd ? -_left : Math.Clamp((_next ?? 0) - _origin, 0, BeyondEveryList);
            using var reply = await RunAsync((database, partition) =>
                FrameReply.ReadAsync(database, partition, _operation, _id, start, start + count - 1)).ConfigureAwait(false);
            if (Fits(reply, start, count))
            {
                return reply.Count > 0 ? Take(reply) : null;
            }

            // The list was not, or did not stay, as it was thought to be. Now it is known how it is.
        }
    }

    private async Task<FrameList?> ReadListAsync(IDatabase database, RedisPartition partition) =>
        (await FrameList.ReadAsync(database, partition, _operation, _id, FrameList.Fields).ConfigureAwait(false)).List;

    private ValueTask<T> RunAsync<T>(Func<IDatabase, RedisPartition, Task<T>> command) => _backend.RunAsync(_backend.NewCall(_operation, _id), command, _stopped);

    /// <summary>Notes what the list is like, and tells whether the reply holds the frames that come next.</summary>
    private bool Fits(FrameReply reply, long start, long count)
    {
        var list = Require(reply.List);
        var wanted = _left;
        var isTail = _isFromEnd;
        Note(list);
        if (isTail)
        {
            // The places were counted from the end, and those before the beginning of the list held nothing.
            return !reply.HasGrown && (_left == 0 || wanted - count < list.Count)
                && (reply.Count == Math.Min(count, count - wanted + list.Count) ? true : throw FrameList.Damaged(_operation, _id));
        }

        var next = _next.GetValueOrDefault();
        return (next >= list.End || next - list.Origin == start)
            && (reply.Count >= Math.Min(count, list.End - next) ? true : throw FrameList.Damaged(_operation, _id));
    }

    /// <summary>Notes where the list begins and ends, and where in it the reading is.</summary>
    private void Note(FrameList list)
    {
        _origin = list.Origin;
        _end = list.End;
        if (_isFromEnd)
        {
            // Which frames are the last is settled now; what is appended from here on does not belong to them.
            _isFromEnd = false;
            _next = Math.Max(list.First, list.End - _left);
            _left = list.End - _next.Value;
        }

        _next ??= list.First;
        if (_next < list.First && _left > 0)
        {
            throw new FramesTrimmedException(_operation, _id, _next.Value, list.First);
        }
    }

    private RedisFramePage Take(FrameReply reply)
    {
        var page = reply.ToPage(_next!.Value);
        _next += page.Count;
        _left -= page.Count;

        // Grows faster than a window of TCP, so that frames of any size soon make pages of about a mebibyte.
        var fitting = PageBytes * page.Count / Math.Max(1, page.Bytes);
        _pageSize = (int)Math.Clamp(fitting, 1, Math.Min(_largestBlindPage, _pageSize * Growth));
        return page;
    }

    private FrameList Require(FrameList? list)
    {
        _generation ??= list?.Generation;
        return list is { } found && string.Equals(found.Generation, _generation, StringComparison.Ordinal)
            ? found
            : throw new SessionNotFoundException(_operation, _id);
    }
}
