using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads the frames of a session page by page, in order and without a gap, the next pages while the caller is busy with the one before.</summary>
/// <remarks>
/// While one page comes in, the server has the request for another already. Each is checked when it has come, for the place that it was asked for; what is known of
/// the list changes when the caller takes a page, and only then.
/// </remarks>
internal sealed class RedisFramePages : IFramePages
{
    private const int FirstPage = 32;
    private const int LargestPage = 512;
    private const int Growth = 8;

    /// <summary>Large frames come so many at a time, too: the one before the page, which comes along, must not double what is read.</summary>
    private const int FewestOfPage = 4;

    private const int PagesAhead = 2;
    private const long PageBytes = 512 * 1024;

    /// <summary>What a page must never exceed, even if all its frames are as large as a frame can be: a reply of this size still fits one buffer.</summary>
    private const long MostBytes = 1024 * 1024 * 1024;

    /// <summary>A place behind the end of every list that fits a server, and that some servers still take with a page added to it.</summary>
    private const long BeyondEveryList = int.MaxValue - LargestPage;

    private readonly RedisBackend _backend;
    private readonly string _operation;
    private readonly SessionId _id;
    private readonly FrameTrail _trail;
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationToken _stopped;
    private readonly int _largestBlindPage;

    private readonly Queue<(PagePlace Place, Task<Answer> Reading)> _ahead = new(PagesAhead);
    private long _framesAhead;
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
    /// <param name="trail">Where an earlier reading came to, which this one goes on from. It moves with the pages that are taken.</param>
    /// <param name="maxFrameBytes">How large a frame can be.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public RedisFramePages(
        RedisBackend backend,
        string operation,
        SessionId id,
        FrameRange range,
        FrameList? known,
        FrameTrail trail,
        int maxFrameBytes,
        CancellationToken cancellationToken)
    {
        _trail = trail;
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
        var page = await HasMoreAsync().ConfigureAwait(false) ? await NextPageAsync().ConfigureAwait(false) : null;
        _ended = page is null || _left == 0;
        while (!_ended && _framesAhead < Math.Min(_left, PagesAhead * _pageSize) && _next + _framesAhead < _end)
        {
            // Only where there are more: a look at the end, before the caller has come to it, could miss what is appended until then.
            Ask();
        }

        return page;
    }

    public void Dispose()
    {
        _ended = true;
        _stopping.Cancel();
        _stopping.Dispose();
        DropAhead();
    }

    /// <summary>Nobody asks for this page any more: what it has is given back, and why it failed is of no interest.</summary>
    private static async Task GiveBackAsync(Task<Answer> reading)
    {
        try
        {
            (await reading.ConfigureAwait(false)).Page?.Dispose();
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException)
        {
            // Whoever reads the session again hears of it.
        }
    }

    /// <summary>Where no frames are wanted, or all that were known have been read, or the place to begin at is beyond what the server takes, the hash says what there is.</summary>
    private async ValueTask<bool> HasMoreAsync()
    {
        if (_left > 0 && !(_next >= _end) && !(_isFromEnd && _left > BeyondEveryList))
        {
            return true;
        }

        var list = await MeasureAsync(ReadListAsync).ConfigureAwait(false);
        RequireEnd(list);
        Note(list);
        return _left > 0 && _next < _end;
    }

    private async Task<RedisFramePage?> NextPageAsync()
    {
        var isAlone = false;
        while (true)
        {
            if (_ahead.Count == 0)
            {
                Ask();
            }

            var (place, reading) = _ahead.Dequeue();
            _framesAhead -= place.Count;
            var (list, page) = await reading.ConfigureAwait(false);
            if (list.End < _trail.Last?.Sequence + 1 && !isAlone)
            {
                // This page may have been read before the one that was taken. Asked for by itself, it is not.
                page?.Dispose();
                DropAhead();
                isAlone = true;
                continue;
            }

            RequireEnd(list);
            Note(list);
            if (page is not null)
            {
                return Take(page);
            }

            // The list was not, or did not stay, as it was thought to be: the pages behind are not where they were looked for either. Now it is known how it is.
            DropAhead();
        }
    }

    /// <summary>Asks for the page behind those that are on their way.</summary>
    private void Ask()
    {
        var count = Math.Min(_pageSize, _left - _framesAhead);
        var first = _next + _framesAhead;
        var start = _isFromEnd ? -_left : Math.Clamp((first ?? 0) - _origin, 0, BeyondEveryList);
        var isKnown = _framesAhead > 0 || _trail.Last?.Sequence == first - 1;
        var place = new PagePlace(first, start, count, HasBefore: isKnown && start > 0);
        _framesAhead += count;
        _ahead.Enqueue((place, MeasureAsync(() => ReadAsync(place))));
    }

    private void DropAhead()
    {
        _framesAhead = 0;
        while (_ahead.TryDequeue(out var asked))
        {
            _ = GiveBackAsync(asked.Reading);
        }
    }

    private Task<T> MeasureAsync<T>(Func<Task<T>> read) => _backend.Telemetry.MeasureAsync(_operation, () => new ValueTask<T>(read())).AsTask();

    private async Task<Answer> ReadAsync(PagePlace place)
    {
        using var reply = await RunAsync((database, partition) =>
            FrameReply.ReadAsync(database, partition, _operation, _id, place.From, place.Stop)).ConfigureAwait(false);
        var list = Require(reply.List);
        var first = place.FirstIn(list);
        if (first < list.First)
        {
            throw Trimmed(first, list);
        }

        if (!place.IsIn(list, reply.Count, reply.HasGrown))
        {
            return new Answer(list, null);
        }

        return place.HasAll(list, reply.Count) ? new Answer(list, reply.ToPage(first, place.HasBefore)) : throw FrameList.Damaged(_operation, _id);
    }

    private async Task<FrameList> ReadListAsync() => Require((await RunAsync(
        (database, partition) => FrameList.ReadAsync(database, partition, _operation, _id, FrameList.Fields)).ConfigureAwait(false)).List);

    private ValueTask<T> RunAsync<T>(Func<IDatabase, RedisPartition, Task<T>> command) => _backend.RunAsync(_backend.NewCall(_operation, _id), command, _stopped);

    /// <summary>Notes where the list begins and ends, and where in it the reading is.</summary>
    private void Note(FrameList list)
    {
        _generation = list.Generation;
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
            throw Trimmed(_next.Value, list);
        }
    }

    private RedisFramePage? Take(RedisFramePage page)
    {
        if (page.Count == 0)
        {
            page.Dispose();
            return null;
        }

        if (page.Before is { } before && _trail.Last is { } last && last.Sequence == page.First - 1 && last.Stamp != before)
        {
            page.Dispose();
            throw Lost(last.Sequence);
        }

        _trail.Last = page.Last;
        _next += page.Count;
        _left -= page.Count;

        // Grows faster than a window of TCP, so that frames of any size soon make pages of about half a mebibyte.
        var fitting = PageBytes * page.Count / Math.Max(1, page.Bytes);
        _pageSize = (int)Math.Clamp(fitting, Math.Min(FewestOfPage, _largestBlindPage), Math.Min(_largestBlindPage, _pageSize * Growth));
        return page;
    }

    /// <summary>The list, if it is of the life of the id that is read; the first page says which one that is.</summary>
    private FrameList Require(FrameList? list) => list is { } found && (_generation is null || string.Equals(found.Generation, _generation, StringComparison.Ordinal))
        ? found
        : throw new SessionNotFoundException(_operation, _id);

    /// <summary>What was read has to be there still: the list does not end before it.</summary>
    private void RequireEnd(FrameList list)
    {
        Require(list);
        if (list.End <= _trail.Last?.Sequence)
        {
            throw Lost(_trail.Last.Value.Sequence);
        }
    }

    private FramesLostException Lost(long sequence) => new(
        _operation, _id, sequence, $"frame {sequence}, which was read, is gone or another one now: the server came back without its newest frames. Begin again.");

    private FramesTrimmedException Trimmed(long first, FrameList list) => new(_operation, _id, first, list.First);

    /// <summary>What a page turned out to be.</summary>
    /// <param name="List">The list it is from.</param>
    /// <param name="Page">The page; null where the frames that were asked for are elsewhere.</param>
    private readonly record struct Answer(FrameList List, RedisFramePage? Page);
}
