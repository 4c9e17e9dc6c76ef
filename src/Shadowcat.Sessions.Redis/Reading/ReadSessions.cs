using RESPite.Messages;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads sessions by <c>read-sessions.lua</c>.</summary>
/// <remarks>
/// For sessions that are read together, LLEN and HGETALL as two messages for each cost the client more than the script costs the server; for a single one it is the other way
/// round. The script reads hash and length at one moment, so that nothing has to be read again where something is appended between the two.
/// </remarks>
internal static class ReadSessions
{
    /// <summary>How many are read by one call of the script. The server answers no other caller meanwhile, for about 1.5 ms.</summary>
    public const int MaxTogether = 256;

    /// <summary>How many fields are answered where the list has another token.</summary>
    private const int FieldsOfOther = 2;

    private static readonly RedisScript Script = new("read-sessions");

    /// <summary>Reads a session.</summary>
    public static async Task<Session?> RunAsync(IDatabase database, RedisPartition partition, string operation, SessionId id) =>
        (await ReadAsync(database, partition, operation, [id]).ConfigureAwait(false))[0].Value;

    /// <summary>Reads sessions of any partitions, in the order of the ids.</summary>
    public static async Task<IReadOnlyList<Session?>> RunAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids) =>
        Array.ConvertAll(await ReadAsync(database, layout, operation, ids).ConfigureAwait(false), static answer => answer.Value);

    /// <summary>Reads sessions of any partitions. All are asked for before the first answer is awaited.</summary>
    public static async Task<SessionAnswer[]> ReadAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var places = Enumerable.Range(0, ids.Count).GroupBy(place => layout.PartitionOf(ids[place])).SelectMany(
            partition => partition.Chunk(MaxTogether), static (partition, places) => (Partition: partition.Key, Places: places)).ToArray();
        var reading = Array.ConvertAll(
            places, chunk => ReadAsync(database, chunk.Partition, operation, Array.ConvertAll(chunk.Places, place => ids[place])));
        var answers = new SessionAnswer[ids.Count];
        foreach (var (chunk, chunkAnswers) in places.Zip(await Task.WhenAll(reading).ConfigureAwait(false)))
        {
            foreach (var (place, answer) in chunk.Places.Zip(chunkAnswers))
            {
                answers[place] = answer;
            }
        }

        return answers;
    }

    /// <summary>Asks for up to <see cref="MaxTogether"/> sessions of one partition that callers read one by one. Where a session has another list than the read named, the list is known afterwards.</summary>
    public static async Task<SessionAnswer[]> AskAsync(IDatabase database, RedisPartition partition, string operation, SessionId[] ids)
    {
        var answers = await SendAsync(database, partition, operation, ids, place => partition.Lists[ids[place]]).ConfigureAwait(false);
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].Other is { } list)
            {
                partition.Lists.Note(ids[i], list);
            }
        }

        return answers;
    }

    /// <summary>Reads up to <see cref="MaxTogether"/> sessions of one partition, as often as it takes. What is learned of lists is not kept: a read of all sessions would displace the lists that are in use.</summary>
    private static async Task<SessionAnswer[]> ReadAsync(IDatabase database, RedisPartition partition, string operation, SessionId[] ids)
    {
        var answers = await SendAsync(database, partition, operation, ids, place => partition.Lists[ids[place]]).ConfigureAwait(false);
        while (Unread(answers) is { Length: > 0 } places)
        {
            var again = await SendAsync(
                database, partition, operation, Array.ConvertAll(places, place => ids[place]), i => answers[places[i]].Other!).ConfigureAwait(false);
            foreach (var (place, answer) in places.Zip(again))
            {
                answers[place] = answer;
            }
        }

        return answers;
    }

    /// <param name="database">The database.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="ids">The sessions.</param>
    /// <param name="listOf">The list that is named for the session at a place.</param>
    private static async Task<SessionAnswer[]> SendAsync(IDatabase database, RedisPartition partition, string operation, SessionId[] ids, Func<int, KnownList> listOf)
    {
        var keys = new RedisKey[ids.Length * 2];
        for (var i = 0; i < ids.Length; i++)
        {
            keys[i * 2] = partition.Session(ids[i]);
            keys[(i * 2) + 1] = partition.Frames(ids[i], listOf(i).Token);
        }

        using var reply = await Script.ReadAsync(database, keys, partition.PlaceOfToken).ConfigureAwait(false);
        return Read(reply, operation, ids);
    }

    private static int[] Unread(SessionAnswer[] answers) => [.. answers.Index().Where(static answer => !answer.Item.IsRead).Select(static answer => answer.Index)];

    private static SessionAnswer[] Read(RespResult reply, string operation, SessionId[] ids)
    {
        var answers = new SessionAnswer[ids.Length];
        var reader = reply.Read();
        for (var i = 0; i < answers.Length; i++)
        {
            reader.MoveNext();
            answers[i] = reader.IsNull ? default
                : reader.IsAggregate && reader.AggregateLength() == FieldsOfOther ? Other(ref reader)
                : reader.IsAggregate ? Read(new SessionFields(ref reader), operation, ids[i])
                : new SessionAnswer(Fault: new SessionSerializationException(operation, ids[i], "a key of the store holds a value of another type."));
        }

        return answers;
    }

    /// <summary>The list has another token: the session has to be asked for again.</summary>
    private static SessionAnswer Other(ref RespReader reader)
    {
        reader.MoveNextScalar();
        var list = reader.IsNull ? null : reader.ReadByteArray();
        reader.MoveNextScalar();
        var version = reader.IsNull ? null : reader.ReadByteArray();
        return new SessionAnswer(Other: new ListField(list).Known(version));
    }

    private static SessionAnswer Read(scoped SessionFields fields, string operation, SessionId id)
    {
        try
        {
            return new SessionAnswer(SessionHash.Read(operation, id, fields));
        }
        catch (SessionSerializationException exception)
        {
            return new SessionAnswer(Fault: exception);
        }
    }
}
