using RESPite.Messages;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads sessions by <c>read-sessions.lua</c>.</summary>
/// <remarks>
/// Of sessions that are read together, two messages each, for LLEN and HGETALL by themselves, cost the client more than the script costs the server; for one
/// alone it is the other way round. That hash and length are of one moment saves looking again where something was appended between the two.
/// </remarks>
internal static class ReadSessions
{
    /// <summary>How many are read by one call of the script. The server answers nobody else meanwhile: about 1.5 ms.</summary>
    public const int MaxTogether = 256;

    /// <summary>How many fields are answered where the list has another token.</summary>
    private const int FieldsOfOther = 2;

    private static readonly RedisScript Script = new("read-sessions");

    /// <summary>Reads a session, as often as it takes.</summary>
    public static async Task<Session?> RunAsync(IDatabase database, RedisPartition partition, string operation, SessionId id)
    {
        while (true)
        {
            var answers = await AskAsync(database, partition, operation, [id]).ConfigureAwait(false);
            if (answers[0].IsRead)
            {
                return answers[0].Value;
            }
        }
    }

    /// <summary>Reads sessions of whichever partitions, in the order of the ids.</summary>
    public static async Task<IReadOnlyList<Session?>> RunAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var answers = await AskAsync(database, layout, operation, ids).ConfigureAwait(false);
        var sessions = new Session?[answers.Length];
        for (var i = 0; i < sessions.Length; i++)
        {
            sessions[i] = answers[i].IsRead
                ? answers[i].Value
                : await RunAsync(database, layout.PartitionOf(ids[i]), operation, ids[i]).ConfigureAwait(false);
        }

        return sessions;
    }

    /// <summary>Asks for sessions of whichever partitions, all on their way before the first is waited for.</summary>
    public static async Task<SessionAnswer[]> AskAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var places = Enumerable.Range(0, ids.Count).GroupBy(place => layout.PartitionOf(ids[place])).SelectMany(
            partition => partition.Chunk(MaxTogether), static (partition, places) => (Partition: partition.Key, Places: places)).ToArray();
        var asking = Array.ConvertAll(
            places, chunk => AskAsync(database, chunk.Partition, operation, Array.ConvertAll(chunk.Places, place => ids[place])));
        var answers = new SessionAnswer[ids.Count];
        foreach (var (chunk, chunkAnswers) in places.Zip(await Task.WhenAll(asking).ConfigureAwait(false)))
        {
            foreach (var (place, answer) in chunk.Places.Zip(chunkAnswers))
            {
                answers[place] = answer;
            }
        }

        return answers;
    }

    /// <summary>Reads up to <see cref="MaxTogether"/> sessions of one partition.</summary>
    public static async Task<SessionAnswer[]> AskAsync(IDatabase database, RedisPartition partition, string operation, SessionId[] ids)
    {
        var tokens = new RedisValue[ids.Length];
        var keys = new RedisKey[ids.Length * 2];
        for (var i = 0; i < ids.Length; i++)
        {
            keys[i * 2] = partition.Session(ids[i]);
            var token = partition.Lists[ids[i]].Token;
            keys[(i * 2) + 1] = partition.Frames(ids[i], token);
            tokens[i] = token;
        }

        using var reply = await Script.ReadAsync(database, keys, tokens).ConfigureAwait(false);
        return Read(reply, partition, operation, ids);
    }

    private static SessionAnswer[] Read(RespResult reply, RedisPartition partition, string operation, SessionId[] ids)
    {
        var answers = new SessionAnswer[ids.Length];
        var reader = reply.Read();
        for (var i = 0; i < answers.Length; i++)
        {
            reader.MoveNext();
            answers[i] = reader.IsNull ? new SessionAnswer(true)
                : reader.IsAggregate && reader.AggregateLength() == FieldsOfOther ? Other(ref reader, partition, ids[i])
                : reader.IsAggregate ? Read(new SessionFields(ref reader), operation, ids[i])
                : new SessionAnswer(true, Fault: new SessionSerializationException(operation, ids[i], "a key of the store holds a value of another type."));
        }

        return answers;
    }

    /// <summary>The list has another token, which is known now: the session has to be asked for again.</summary>
    private static SessionAnswer Other(ref RespReader reader, RedisPartition partition, SessionId id)
    {
        reader.MoveNextScalar();
        var list = reader.IsNull ? null : reader.ReadByteArray();
        reader.MoveNextScalar();
        var version = reader.IsNull ? null : reader.ReadByteArray();
        partition.Lists.Note(id, new ListField(list).Known(version));
        return new SessionAnswer(false);
    }

    private static SessionAnswer Read(scoped SessionFields fields, string operation, SessionId id)
    {
        try
        {
            return new SessionAnswer(true, SessionHash.Read(operation, id, fields));
        }
        catch (SessionSerializationException exception)
        {
            return new SessionAnswer(true, Fault: exception);
        }
    }
}
