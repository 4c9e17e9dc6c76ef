using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>A piece of a session's list of frames, read in one round trip without a script, and what the hash said before and after.</summary>
/// <remarks>
/// HMGET, LRANGE and HMGET again go out together. Where both HMGETs agree on what places in the list mean, the LRANGE between them
/// meant the same; where they do not, because somebody appended, trimmed or deleted meanwhile, it is known by what.
/// </remarks>
internal sealed class FrameReply : IDisposable
{
    private RespResult? _frames;

    private FrameReply(FrameList? before, RespResult frames, FrameList? after)
    {
        Before = before;
        After = after;
        _frames = frames;
        Count = frames.IsNull ? 0 : frames.Read().AggregateLength();
    }

    public FrameList? Before { get; }

    public FrameList? After { get; }

    /// <summary>How many frames came.</summary>
    public int Count { get; }

    /// <summary>Reads the elements from <paramref name="start"/> to <paramref name="stop"/> of the list, both as LRANGE takes them.</summary>
    public static async Task<FrameReply> ReadAsync(
        IDatabase database, RedisPartition partition, string operation, SessionId id, long start, long stop)
    {
        var before = FrameList.SendAsync(database, partition, id);
        var sending = database.ExecuteRespAsync("LRANGE", (RedisKeyOrValue[])[partition.Frames(id), (RedisValue)start, (RedisValue)stop]);
        var after = FrameList.SendAsync(database, partition, id);
        await Task.WhenAll(before, sending, after).ConfigureAwait(false);
        var frames = await sending.ConfigureAwait(false);
        try
        {
            return new FrameReply(
                FrameList.Read(operation, id, await before.ConfigureAwait(false)), frames, FrameList.Read(operation, id, await after.ConfigureAwait(false)));
        }
        catch
        {
            frames.Dispose();
            throw;
        }
    }

    /// <summary>Makes a page of the frames, which belong to it from then on.</summary>
    /// <param name="first">The sequence of the first of them.</param>
    public RedisFramePage ToPage(long first)
    {
        var frames = _frames ?? throw new ObjectDisposedException(nameof(FrameReply));
        _frames = null;
        return new RedisFramePage(first, Count, frames);
    }

    public void Dispose() => _frames?.Dispose();
}
