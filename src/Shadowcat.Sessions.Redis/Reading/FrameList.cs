using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A session's list of frames, as its hash and its length say.</summary>
/// <param name="Generation">The generation of the session.</param>
/// <param name="Origin">The sequence that belongs to the first place of the list.</param>
/// <param name="First">The sequence of the oldest frame kept.</param>
/// <param name="End">The sequence the next frame gets.</param>
internal readonly record struct FrameList(string Generation, long Origin, long First, long End)
{
    /// <summary>The fields it is read from. They come first among those that are read.</summary>
    public static RedisValue[] Fields { get; } = ["format", "version", "list"];

    public long Count => End - First;

    /// <summary>Reads the length and then the fields, by LLEN, HMGET and <see cref="PrimaryFence"/> in one round trip; again where the list has another token than this process knows.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">The session.</param>
    /// <param name="fields">The fields, beginning with <see cref="Fields"/>.</param>
    /// <param name="between">Sends what else is to be read of the list, in between, and so of the same list: it gets the key and the length, and completes when it is answered. Null for nothing.</param>
    /// <returns>The list, null where there is no session; and the fields.</returns>
    public static async Task<(FrameList? List, RedisValue[] Fields)> ReadAsync(
        IDatabase database, RedisPartition partition, string operation, SessionId id, RedisValue[] fields, Func<RedisKey, Task<long>, Task>? between = null)
    {
        long? noted = null;
        while (true)
        {
            var token = partition.Lists[id].Token;
            var key = partition.Frames(id, token);
            var length = database.ListLengthAsync(key);
            var others = between?.Invoke(key, length) ?? Task.CompletedTask;
            var session = partition.Session(id);
            var hash = database.HashGetAsync(session, fields);
            await Task.WhenAll(length, others, hash, PrimaryFence.SendAsync(database, session)).ConfigureAwait(false);
            var values = await hash.ConfigureAwait(false);
            var frames = await length.ConfigureAwait(false);
            if (!HasToken(partition, id, token, values))
            {
                // What the fields counted under another token does not hold for this one.
                noted = null;
            }
            else if (IsSettled(values, frames, ref noted))
            {
                return (Read(operation, id, values, frames), values);
            }
        }
    }

    /// <summary>Whether the list has the token it was read under: only then, what was read before the fields was of this list. Notes the token that it has.</summary>
    private static bool HasToken(RedisPartition partition, SessionId id, string token, RedisValue[] fields)
    {
        if (!ListField.TryRead(fields[2], out var list) || System.Text.Ascii.Equals(list.Token, token))
        {
            return true;
        }

        partition.Lists.Note(id, list.Known(((ReadOnlyMemory<byte>)fields[1]).Span));
        return false;
    }

    /// <summary>Whether length and fields match. The fields are read later: they may have counted frames that the length does not include.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="length">The length, read before them.</param>
    /// <param name="noted">How many frames earlier fields had counted, which a length that is read later has to include; set to the count of these fields.</param>
    private static bool IsSettled(RedisValue[] fields, long length, ref long? noted)
    {
        if (!ListField.TryRead(fields[2], out var list) || list.First + length >= list.Frames || list.First + length < noted)
        {
            return true;
        }

        noted = list.Frames;
        return false;
    }

    /// <summary>Makes a list of the fields and its length; null where there is no session.</summary>
    private static FrameList? Read(string operation, SessionId id, RedisValue[] fields, long length)
    {
        if (Array.TrueForAll(fields, static field => field.IsNull))
        {
            return null;
        }

        if (fields[0] != SessionHash.Format)
        {
            throw SessionHash.UnknownFormat(operation, id, fields[0]);
        }

        if (!ListField.TryRead(fields[2], out var field))
        {
            throw Damaged(operation, id);
        }

        var generation = fields[1].ToString().Split(' ')[0];
        var (first, end) = field.Extent(length);
        return length == 0 || first + length >= field.Frames ? new FrameList(generation, field.First, first, end) : throw Damaged(operation, id);
    }

    public static SessionSerializationException Damaged(string operation, SessionId id) => new(
        operation, id, "the session and its list of frames do not match, or hold something else: another client has changed them.", SessionHash.Format);
}
