using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads entries of the index of a partition by <c>read-index.lua</c>.</summary>
internal static class ReadIndex
{
    private static readonly RedisScript Script = new("read-index");

    /// <summary>Reads entries.</summary>
    /// <param name="database">The database.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="range">Which ones, and in which order.</param>
    /// <param name="after">Behind which place; null from the beginning.</param>
    /// <param name="count">How many at most.</param>
    public static async Task<IndexChunk> RunAsync(IDatabase database, RedisPartition partition, CreationRange range, IndexPlace? after, int count)
    {
        RedisValue[] bounds = [range.Order == SessionOrder.NewestFirst, count, range.Since ?? (RedisValue)"-inf", range.Before ?? (RedisValue)"+inf"];
        using var reply = await Script.ReadAsync(
            database, [partition.Index], after is { } place ? [.. bounds, place.Time, place.Entry] : bounds).ConfigureAwait(false);
        return Read(reply, range.Order, count);
    }

    private static IndexChunk Read(RespResult reply, SessionOrder order, int wanted)
    {
        var reader = reply.Read();
        var count = reader.AggregateLength() / 2;
        var newestFirst = order == SessionOrder.NewestFirst;
        var places = new List<SessionPlace>(count);
        IndexPlace? end = null;
        for (var i = 0; i < count; i++)
        {
            reader.MoveNextScalar();
            var entry = reader;
            reader.MoveNextScalar();
            if (count == wanted && i == (newestFirst ? 0 : count - 1))
            {
                end = new IndexPlace(reader.ReadByteArray(), entry.ReadByteArray());
            }

            if (reader.TryReadInt64(out var created) && SessionId.TryParse(entry.ReadString(), null, out var id))
            {
                places.Add(new SessionPlace(created, id));
            }
        }

        if (newestFirst)
        {
            places.Reverse();
        }

        return new IndexChunk(places, count - places.Count, end);
    }
}
