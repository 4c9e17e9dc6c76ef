using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads the frames of a session page by page, in order and without a gap. The next pages are read while the caller handles one.</summary>
/// <remarks>
/// While one page arrives, the server has the request for another already. Each page is checked, when it arrives, against the place that was asked for. What is known
/// of the list changes only when the caller takes a page.
/// </remarks>
internal sealed class RedisFramePages : IFramePages
{
    private const int FirstPage = 32;
    private const int LargestPage = 512;
    private const int Growth = 8;

    /// <summary>The smallest page of large frames: the frame before the page, which is read with it, must not double what is read.</summary>
    private const int FewestOfPage = 4;

    private const int PagesAhead = 2;
    private const long PageBytes = 512 * 1024;

    /// <summary>The largest page, even if all its frames are as large as a frame can be: a reply of this size still fits one buffer.</summary>
    private const long MostBytes = 1024 * 1024 * 1024;

    /// <summary>A place beyond the end of every list that fits a server. Some servers refuse a larger number, with a page added to it.</summary>
    private const long BeyondEveryList = int.MaxValue - LargestPage;

    private readonly RedisBackend _backend;
    private readonly string _operation;
    private readonly SessionId _id;
    private readonly ReadPosition _position;
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
    /// <param name="known">What is known of the list, and which generation is meant; null for the one that is found.</param>
    /// <param name="position">Where an earlier read ended, which this one continues. It moves with the pages that are taken.</param>
    /// <param name="maxFrameBytes">How large a frame can be.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public RedisFramePages(
        RedisBackend backend,
        string operation,
        SessionId id,
        FrameRange range,
        FrameList? known,
        ReadPosition position,
        int maxFrameBytes,
        CancellationToken cancellationToken)
    {
        _position = position;
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

        _ended = true; // unless there is another page; a failure ends the enumeration
        var page = await HasMoreAsync().ConfigureAwait(false) ? await NextPageAsync().ConfigureAwait(false) : null;
        _ended = page is null || _left == 0;
        while (!_ended && _framesAhead < Math.Min(_left, PagesAhead * _pageSize) && _next + _framesAhead < _end)
        {
            // Only where there are more: a read at the end, before the caller gets there, could miss what is appended until then.
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

    /// <summary>Drops a page that nobody takes any more. Why it failed does not matter.</summary>
    private static async Task DropAsync(Task<Answer> reading)
    {
        try
        {
            (await reading.ConfigureAwait(false)).Page?.Dispose();
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException or ObjectDisposedException)
        {
            // Another read of the session gets the same.
        }
    }

    /// <summary>Reads the list alone where no frames are wanted, where all known frames were read, or where the first place is beyond what the server accepts.</summary>
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
            if (list.End < _position.Last?.Sequence + 1 && !isAlone)
            {
                // This page may have been read before the one that was taken. It is asked for again, alone.
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

            // The list was not, or did not stay, as it was known. The pages ahead were asked for at wrong places too. Now the list is known.
            DropAhead();
        }
    }

    /// <summary>Asks for the page after those that are on their way.</summary>
    private void Ask()
    {
        var count = Math.Min(_pageSize, _left - _framesAhead);
        var first = _next + _framesAhead;
        var start = _isFromEnd ? -_left : Math.Clamp((first ?? 0) - _origin, 0, BeyondEveryList);
        var isKnown = _framesAhead > 0 || _position.Last?.Sequence == first - 1;
        var place = new PagePlace(first, start, count, HasBefore: isKnown && start > 0);
        _framesAhead += count;
        _ahead.Enqueue((place, MeasureAsync(() => ReadAsync(place))));
    }

    private void DropAhead()
    {
        _framesAhead = 0;
        while (_ahead.TryDequeue(out var asked))
        {
            _ = DropAsync(asked.Reading);
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

    private ValueTask<T> RunAsync<T>(Func<IDatabase, RedisPartition, Task<T>> command) =>
        _backend.RunAsync(_backend.NewCall(_operation, _id), (target, partition) => command(target.Database, partition), _stopped);

    /// <summary>Notes where the list begins and ends, and which frame is next.</summary>
    private void Note(FrameList list)
    {
        _generation = list.Generation;
        _origin = list.Origin;
        _end = list.End;
        if (_isFromEnd)
        {
            // The last frames are determined now; what is appended from here on is not among them.
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

        if (page.Before is { } before && _position.Last is { } last && last.Sequence == page.First - 1 && last.Stamp != before)
        {
            page.Dispose();
            throw Lost(last.Sequence);
        }

        _position.Last = page.Last;
        _next += page.Count;
        _left -= page.Count;

        // Grows fast, so that frames of any size soon make pages of about half a mebibyte.
        var fitting = PageBytes * page.Count / Math.Max(1, page.Bytes);
        _pageSize = (int)Math.Clamp(fitting, Math.Min(FewestOfPage, _largestBlindPage), Math.Min(_largestBlindPage, _pageSize * Growth));
        return page;
    }

    /// <summary>The list, if it has the generation that is read; the first page determines which one that is.</summary>
    private FrameList Require(FrameList? list) => list is { } found && (_generation is null || string.Equals(found.Generation, _generation, StringComparison.Ordinal))
        ? found
        : throw new SessionNotFoundException(_operation, _id);

    /// <summary>Checks that the list does not end before what was read.</summary>
    private void RequireEnd(FrameList list)
    {
        Require(list);
        if (list.End <= _position.Last?.Sequence)
        {
            throw Lost(_position.Last.Value.Sequence);
        }
    }

    private FramesLostException Lost(long sequence) => new(
        _operation, _id, sequence, $"frame {sequence}, which was read, is gone or was replaced: the server came back without its newest frames. Read the session again.");

    private FramesTrimmedException Trimmed(long first, FrameList list) => new(_operation, _id, first, list.First);

    /// <summary>A page as it was answered.</summary>
    /// <param name="List">The list it is from.</param>
    /// <param name="Page">The page; null where the frames that were asked for are at another place.</param>
    private readonly record struct Answer(FrameList List, RedisFramePage? Page);
}
