using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>A piece of a session's list of frames, read in one round trip without a script.</summary>
/// <remarks>
/// HMGET, LRANGE and HMGET again go out together. Where both HMGETs agree on what places in the list mean, the LRANGE between them
/// meant the same; where they do not, because somebody appended, trimmed or deleted meanwhile, it is known by what.
/// </remarks>
internal static class FramePage
{
    private static readonly RedisValue[] Fields = ["format", "gen", "frames", "first"];

    /// <summary>Reads what the hash says, without any frame.</summary>
    public static async Task<FrameList?> ReadListAsync(IDatabase database, RedisPartition partition, string operation, SessionId id) =>
        ToList(operation, id, await database.HashGetAsync(partition.Session(id), Fields).ConfigureAwait(false));

    /// <summary>Reads elements from <paramref name="start"/> to <paramref name="stop"/> of the list, both as LRANGE takes them, with what the hash said before and after.</summary>
    public static async Task<(FrameList? Before, RedisValue[] Frames, FrameList? After)> ReadAsync(
        IDatabase database, RedisPartition partition, string operation, SessionId id, long start, long stop)
    {
        var before = database.HashGetAsync(partition.Session(id), Fields);
        var frames = database.ListRangeAsync(partition.Frames(id), start, stop);
        var after = database.HashGetAsync(partition.Session(id), Fields);
        await Task.WhenAll(before, frames, after).ConfigureAwait(false);
        return (
            ToList(operation, id, await before.ConfigureAwait(false)),
            await frames.ConfigureAwait(false),
            ToList(operation, id, await after.ConfigureAwait(false)));
    }

    public static FrameList? ToList(string operation, SessionId id, RedisValue[] fields)
    {
        if (fields.All(field => field.IsNull))
        {
            return null;
        }

        if (fields[0] != SessionHash.Format)
        {
            throw SessionHash.UnknownFormat(operation, id, fields[0]);
        }

        // An absent field would pass for 0.
        return !fields[2].IsNullOrEmpty && !fields[3].IsNullOrEmpty && fields[2].TryParse(out long end) && fields[3].TryParse(out long first)
            ? new FrameList(fields[1].ToString(), end, first)
            : throw FrameList.Damaged(operation, id);
    }
}
