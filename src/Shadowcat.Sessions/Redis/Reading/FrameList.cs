using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What a session's hash says of its list of frames.</summary>
/// <param name="Generation">Which life of the id it is.</param>
/// <param name="End">The sequence the next frame gets.</param>
/// <param name="First">The sequence of the oldest frame kept.</param>
/// <param name="Bytes">The bytes of all frames kept.</param>
internal readonly record struct FrameList(string Generation, long End, long First, long Bytes)
{
    /// <summary>The fields it is read from, first among those that are asked for.</summary>
    public static RedisValue[] Fields { get; } = ["format", "gen", "frames", "first", "bytes"];

    public long Count => End - First;

    /// <summary>Asks for the fields by HMGET.</summary>
    public static Task<RedisValue[]> SendAsync(IDatabaseAsync database, RedisPartition partition, SessionId id) =>
        database.HashGetAsync(partition.Session(id), Fields);

    /// <summary>Reads the fields; null where there is no session.</summary>
    public static FrameList? Read(string operation, SessionId id, RedisValue[] fields)
    {
        if (Array.TrueForAll(fields, static field => field.IsNull))
        {
            return null;
        }

        if (fields[0] != SessionHash.Format)
        {
            throw SessionHash.UnknownFormat(operation, id, fields[0]);
        }

        return Number(fields[2]) is { } end && Number(fields[3]) is { } first && Number(fields[4]) is { } bytes
            ? new FrameList(fields[1].ToString(), end, first, bytes)
            : throw Damaged(operation, id);
    }

    public static SessionSerializationException Damaged(string operation, SessionId id) => new(
        operation, id, "session and list of frames disagree, or hold something else: another client changed them.", SessionHash.Format);

    /// <summary>An absent field would pass for 0.</summary>
    private static long? Number(RedisValue field) => !field.IsNullOrEmpty && field.TryParse(out long number) ? number : null;
}
