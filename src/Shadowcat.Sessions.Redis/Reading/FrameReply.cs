using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A piece of a session's list of frames, read in one round trip without a script, and what the list was like meanwhile.</summary>
/// <remarks>
/// LLEN, LRANGE and HMGET go out together. What places in a list mean changes with its token: a list that still has the token it was read under when
/// the hash is read had it all the while. What was read under another token is read again.
/// </remarks>
internal sealed class FrameReply : IDisposable
{
    private RespResult? _frames;

    private FrameReply(FrameList? list, RespResult frames, bool hasGrown)
    {
        List = list;
        HasGrown = hasGrown;
        _frames = frames;
        Count = frames.IsNull ? 0 : frames.Read().AggregateLength();
    }

    /// <summary>The list, as long as it was before the frames were read; null where there is no session.</summary>
    public FrameList? List { get; }

    /// <summary>Whether something was appended while frames were counted from the end.</summary>
    public bool HasGrown { get; }

    /// <summary>How many frames came.</summary>
    public int Count { get; }

    /// <summary>Reads the elements from <paramref name="start"/> to <paramref name="stop"/> of the list, both as LRANGE takes them.</summary>
    public static async Task<FrameReply> ReadAsync(
        IDatabase database, RedisPartition partition, string operation, SessionId id, long start, long stop)
    {
        long? noted = null;
        while (true)
        {
            var token = partition.Lists[id].Token;
            var key = partition.Frames(id, token);
            var length = database.ListLengthAsync(key);

            // Sent on by itself to where a slot has moved, such a command would find its arguments gone and break the connection.
            var sending = database.ExecuteRespAsync("LRANGE", (RedisKeyOrValue[])[key, (RedisValue)start, (RedisValue)stop], CommandFlags.NoRedirect);
            var grown = start < 0 ? database.ListLengthAsync(key) : length; // only a place counted from the end moves with it
            var hash = database.HashGetAsync(partition.Session(id), FrameList.Fields);
            await Task.WhenAll(length, sending, grown, hash).ConfigureAwait(false);
            var frames = await sending.ConfigureAwait(false);
            try
            {
                var fields = await hash.ConfigureAwait(false);
                var before = await length.ConfigureAwait(false);
                if (FrameList.HasToken(partition, id, token, fields) && FrameList.IsSettled(fields, before, ref noted))
                {
                    return new FrameReply(FrameList.Read(operation, id, fields, before), frames, await grown.ConfigureAwait(false) != before);
                }
            }
            catch
            {
                frames.Dispose();
                throw;
            }

            frames.Dispose();
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

    public void Dispose() => _frames?.Dispose();
}
