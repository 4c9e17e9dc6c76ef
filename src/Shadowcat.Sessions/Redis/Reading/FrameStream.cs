using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads the frames of a session page by page, in order and without a gap.</summary>
internal sealed class FrameStream
{
    private const int FirstPage = 32;
    private const int LargestPage = 512;
    private const long PageBytes = 1024 * 1024;

    /// <summary>A place behind the end of every list that fits a server, and that some servers still take with a page added to it.</summary>
    private const long BeyondEveryList = int.MaxValue - LargestPage;

    private readonly RedisBackend _backend;
    private readonly string _operation;
    private readonly SessionId _id;
    private readonly FrameRange _range;

    private int _pageSize = FirstPage;
    private string? _generation;
    private long? _next;
    private long _first;
    private long _left;

    private FrameStream(RedisBackend backend, string operation, SessionId id, FrameRange range, FrameList? known)
    {
        _backend = backend;
        _operation = operation;
        _generation = known?.Generation;
        _first = known?.First ?? 0;
        _id = id;
        _range = range;
        _next = range.Start;
        _left = range.Count ?? long.MaxValue;
        if (range.IsFromEnd)
        {
            _pageSize = (int)Math.Clamp(_left, 1, LargestPage);
        }
    }

    /// <summary>Reads a range; each enumeration anew.</summary>
    /// <param name="backend">Where from.</param>
    /// <param name="operation">What for.</param>
    /// <param name="id">The session.</param>
    /// <param name="range">Which frames.</param>
    /// <param name="known">What is known of the list, and which life of the id is meant; null for the one that is found.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<MessageEnvelope> ReadAsync(
        RedisBackend backend,
        string operation,
        SessionId id,
        FrameRange range,
        FrameList? known = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in new FrameStream(backend, operation, id, range, known).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return frame;
        }
    }

    private async IAsyncEnumerable<MessageEnvelope> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var frames = await _backend.RunAsync(_operation, _id, ReadPageAsync, cancellationToken).ConfigureAwait(false);
            if (frames is null)
            {
                continue;
            }

            if (frames.Length == 0)
            {
                yield break;
            }

            var bytes = 0L;
            foreach (var frame in frames)
            {
                ReadOnlyMemory<byte> encoded = frame;
                bytes += encoded.Length;
                yield return Decode(encoded);
                _next++;
            }

            _left -= frames.Length;
            _pageSize = NextPageSize(frames.Length, bytes);
        }
        while (_left > 0);
    }

    /// <summary>Grows like a window of TCP, so that frames of any size make pages of about a mebibyte.</summary>
    private int NextPageSize(int frames, long bytes)
    {
        var fitting = PageBytes * frames / Math.Max(1, bytes);
        return (int)Math.Clamp(fitting, 1, Math.Min(LargestPage, _pageSize * 2L));
    }

    /// <summary>Reads the next frames; none at the end; null where the reading has to be repeated, because the list was not, or did not stay, as it was thought to be.</summary>
    private Task<RedisValue[]?> ReadPageAsync(IDatabase database, RedisPartition partition) =>
        _left == 0 ? ReadNothingAsync(database, partition)
        : _range.IsFromEnd && _next is null ? ReadLastAsync(database, partition)
        : ReadNextAsync(database, partition);

    /// <summary>No frames were asked for, but of a session that has to be there.</summary>
    private async Task<RedisValue[]?> ReadNothingAsync(IDatabase database, RedisPartition partition) =>
        await FramePage.ReadListAsync(database, partition, _operation, _id).ConfigureAwait(false) is null
            ? throw new SessionNotFoundException(_operation, _id)
            : [];

    private async Task<RedisValue[]?> ReadNextAsync(IDatabase database, RedisPartition partition)
    {
        // Where nothing was trimmed, the place in the list is the sequence: that is the first guess.
        var start = Math.Clamp((_next ?? 0) - _first, 0, BeyondEveryList);
        var count = Math.Min(_pageSize, _left);
        var (before, frames, after) = await FramePage.ReadAsync(database, partition, _operation, _id, start, start + count - 1).ConfigureAwait(false);
        var list = Require(before, after);
        var next = _next ?? list.First;
        if (next < list.First)
        {
            throw new FramesTrimmedException(_operation, _id, next, list.First);
        }

        _first = list.First;
        if (before!.Value.First != list.First || (next < list.End && next - list.First != start))
        {
            return null;
        }

        if (frames.Length < Math.Min(count, before.Value.End - next))
        {
            throw FrameList.Damaged(_operation, _id);
        }

        _next = next;
        return frames;
    }

    private async Task<RedisValue[]?> ReadLastAsync(IDatabase database, RedisPartition partition)
    {
        var (before, frames, after) = await FramePage.ReadAsync(database, partition, _operation, _id, -_pageSize, -1).ConfigureAwait(false);
        var list = Require(before, after);
        _first = list.First;
        if (_left > _pageSize || before!.Value != list)
        {
            // More than a page is wanted, or the end moved while it was read: go on by sequence from where the tail began.
            _next = Math.Max(list.First, list.End - _left);
            return null;
        }

        _next = list.End - frames.Length;
        return frames.Length == Math.Min(_left, list.Count) ? frames : throw FrameList.Damaged(_operation, _id);
    }

    private FrameList Require(FrameList? before, FrameList? after)
    {
        if (before is not { } begin || after is not { } end)
        {
            throw new SessionNotFoundException(_operation, _id);
        }

        _generation ??= begin.Generation;
        return string.Equals(begin.Generation, _generation, StringComparison.Ordinal) && string.Equals(end.Generation, _generation, StringComparison.Ordinal)
            ? end
            : throw new SessionNotFoundException(_operation, _id);
    }

    private MessageEnvelope Decode(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            return FrameFormat.Decode(_id, _next!.Value, encoded);
        }
        catch (FrameFormatException exception)
        {
            throw new SessionSerializationException(_operation, _id, exception.Message, exception.FormatVersion, _next, exception);
        }
    }
}
