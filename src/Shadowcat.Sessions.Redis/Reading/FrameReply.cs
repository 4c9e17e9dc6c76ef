using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Frames that were read in one round trip without a script, and the list as it was meanwhile.</summary>
/// <remarks>
/// LLEN, LRANGE, HMGET and <see cref="PrimaryFence"/> are sent together. What places in a list mean changes with its token. A list that still has the token it was read under when the hash
/// is read had it all the time. What was read under another token is read again.
/// </remarks>
internal sealed class FrameReply : IDisposable
{
    private readonly long _start;
    private readonly long _stop;
    private RespResult? _frames;

    private FrameReply(long start, long stop) => (_start, _stop) = (start, stop);

    /// <summary>The list, as long as it was before the frames were read; null where there is no session.</summary>
    public FrameList? List { get; private set; }

    /// <summary>Whether something was appended while frames were counted from the end.</summary>
    public bool HasGrown { get; private set; }

    /// <summary>How many frames were read.</summary>
    public int Count { get; private set; }

    /// <summary>Reads the elements from <paramref name="start"/> to <paramref name="stop"/> of the list, both as in LRANGE.</summary>
    public static async Task<FrameReply> ReadAsync(
        IDatabase database, RedisPartition partition, string operation, SessionId id, long start, long stop)
    {
        var reply = new FrameReply(start, stop);
        try
        {
            (reply.List, _) = await FrameList.ReadAsync(
                database, partition, operation, id, FrameList.Fields, (key, length) => reply.ReadFramesAsync(database, key, length)).ConfigureAwait(false);
            return reply;
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    /// <summary>Makes a page of the frames, which belong to it from then on.</summary>
    /// <param name="first">The sequence of the first of them.</param>
    /// <param name="hasBefore">Whether they begin with the one before.</param>
    public RedisFramePage ToPage(long first, bool hasBefore)
    {
        var frames = _frames ?? throw new ObjectDisposedException(nameof(FrameReply));
        _frames = null;
        return new RedisFramePage(first, Count, hasBefore, frames);
    }

    public void Dispose()
    {
        _frames?.Dispose();
        _frames = null;
    }

    private async Task ReadFramesAsync(IDatabase database, RedisKey key, Task<long> length)
    {
        Dispose(); // what an earlier try has read

        // If the client library followed a MOVED by itself, it would send such a command without its arguments, which breaks the connection.
        var reading = database.ExecuteRespAsync("LRANGE", (RedisKeyOrValue[])[key, (RedisValue)_start, (RedisValue)_stop], CommandFlags.NoRedirect);
        var grown = _start < 0 ? database.ListLengthAsync(key) : length; // only a place that is counted from the end moves with it
        var frames = await reading.ConfigureAwait(false);
        _frames = frames;
        Count = frames.IsNull ? 0 : frames.Read().AggregateLength();
        HasGrown = await grown.ConfigureAwait(false) != await length.ConfigureAwait(false);
    }
}
