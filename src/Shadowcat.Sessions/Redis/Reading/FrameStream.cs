using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads the frames of a session page by page, in order and without a gap.</summary>
internal sealed class FrameStream(RedisBackend backend, SessionId id, FrameRange range)
{
    private const int FirstPage = 32;
    private const int LargestPage = 512;
    private const long PageBytes = 1024 * 1024;

    private int _pageSize = FirstPage;
    private string? _generation;
    private long? _next = range.Start;
    private long _first;
    private long _left = range.Count ?? long.MaxValue;

    public async IAsyncEnumerable<MessageEnvelope> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (range.IsFromEnd && _left <= LargestPage)
        {
            _pageSize = (int)_left;
        }

        while (_left > 0)
        {
            var frames = await backend.RunAsync(Operations.GetFrames, id, ReadPageAsync, cancellationToken).ConfigureAwait(false);
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
    }

    /// <summary>Grows like a window of TCP, so that frames of any size make pages of about a mebibyte.</summary>
    private int NextPageSize(int frames, long bytes)
    {
        var fitting = PageBytes * frames / Math.Max(1, bytes);
        return (int)Math.Clamp(fitting, 1, Math.Min(LargestPage, _pageSize * 2L));
    }

    /// <summary>Reads the next frames; none at the end; null where the reading has to be repeated, because the list was not, or did not stay, as it was thought to be.</summary>
    private Task<RedisValue[]?> ReadPageAsync(IDatabase database, RedisPartition partition) =>
        range.IsFromEnd && _next is null ? ReadLastAsync(database, partition) : ReadNextAsync(database, partition);

    private async Task<RedisValue[]?> ReadNextAsync(IDatabase database, RedisPartition partition)
    {
        // Where nothing was trimmed, the place in the list is the sequence: that is the first guess.
        var start = Math.Max(0, (_next ?? 0) - _first);
        var count = Math.Min(_pageSize, _left);
        var (before, frames, after) = await FramePage.ReadAsync(database, partition, id, start, start + count - 1).ConfigureAwait(false);
        var list = Require(before, after);
        var next = _next ?? list.First;
        if (next < list.First)
        {
            throw new FramesTrimmedException(Operations.GetFrames, id, next, list.First);
        }

        _first = list.First;
        if (before!.Value.First != list.First || (next < list.End && next - list.First != start))
        {
            return null;
        }

        if (frames.Length < Math.Min(count, before.Value.End - next))
        {
            throw FrameList.Damaged(Operations.GetFrames, id);
        }

        _next = next;
        return frames;
    }

    private async Task<RedisValue[]?> ReadLastAsync(IDatabase database, RedisPartition partition)
    {
        var (before, frames, after) = await FramePage.ReadAsync(database, partition, id, -_pageSize, -1).ConfigureAwait(false);
        var list = Require(before, after);
        _first = list.First;
        if (_left > _pageSize || before!.Value != list)
        {
            // More than a page is wanted, or the end moved while it was read: go on by sequence from where the tail began.
            _next = Math.Max(list.First, list.End - _left);
            return null;
        }

        _next = list.End - frames.Length;
        return frames.Length == Math.Min(_left, list.Count) ? frames : throw FrameList.Damaged(Operations.GetFrames, id);
    }

    private FrameList Require(FrameList? before, FrameList? after)
    {
        if (before is not { } begin || after is not { } end)
        {
            throw new SessionNotFoundException(Operations.GetFrames, id);
        }

        _generation ??= begin.Generation;
        return string.Equals(begin.Generation, _generation, StringComparison.Ordinal) && string.Equals(end.Generation, _generation, StringComparison.Ordinal)
            ? end
            : throw new SessionNotFoundException(Operations.GetFrames, id);
    }

    private MessageEnvelope Decode(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            return FrameFormat.Decode(id, _next!.Value, encoded);
        }
        catch (FrameFormatException exception)
        {
            throw new SessionSerializationException(Operations.GetFrames, id, exception.Message, exception.FormatVersion, _next, exception);
        }
    }
}
