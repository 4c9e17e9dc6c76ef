using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>
/// A script about sessions of one partition and their lists of frames. What callers ask of it at the same time goes together. A session is asked for again where its list has another
/// fencing token than this process knows.
/// </summary>
/// <remarks>
/// Behind the keys and arguments that all sessions share, each session has its own: the keys are the session, the list and, where the script changes the token, the list under a token never
/// used; the first arguments are the tokens of these lists. Where the list has another token, the script changes nothing of the session and answers <c>{'list', token, generation, sequences counted}</c>.
/// </remarks>
internal sealed class ListScript
{
    private readonly RedisScript _script;
    private readonly bool _changesToken;
    private readonly Func<RedisPartition, RedisKey[]> _keys;
    private readonly BatchedScript<ListCall, RedisResult> _batched;

    /// <param name="name">The name of the script.</param>
    /// <param name="changesToken">Whether it changes the token of the list.</param>
    /// <param name="most">How many sessions it takes at most; 1 for a script that may take long.</param>
    /// <param name="keys">The keys that all sessions share; null for none.</param>
    public ListScript(string name, bool changesToken = false, int most = 1, Func<RedisPartition, RedisKey[]>? keys = null)
    {
        (_script, _changesToken, _keys) = (new RedisScript(name), changesToken, keys ?? (static _ => []));
        _batched = new BatchedScript<ListCall, RedisResult>(most, AskAsync);
    }

    /// <summary>Asks about a session, together with what other callers ask.</summary>
    /// <param name="target">The connection.</param>
    /// <param name="id">The session.</param>
    /// <param name="shared">The arguments that all sessions share: the same for every call of a store.</param>
    /// <param name="own">The other arguments.</param>
    public Task<RedisResult> AskAsync(RedisTarget target, SessionId id, RedisValue[] shared, RedisValue[] own) =>
        target.Batch(_batched, id).RunAsync(new ListCall(id, target.Layout.PartitionOf(id).Lists[id], shared, own));

    /// <summary>Whether an answer is about the list that the call named. Where it is about another one, that is known from now on, and has to be asked about.</summary>
    /// <exception cref="RedisServerException">The server refused a command for this session.</exception>
    public static bool IsOfItsList(RedisPartition partition, SessionId id, RedisResult reply)
    {
        switch ((string?)reply[0])
        {
            case "list":
                partition.Lists.Note(id, KnownList.Of(Bytes(reply[1]), Bytes(reply[2]), (long)reply[3]));
                return false;
            case "refused":
                throw new RedisServerException(default, CommandFlags.None, (string)reply[1]!);
            default:
                return true;
        }
    }

    /// <summary>Asks about a session, by itself, until the call names the token that the list has.</summary>
    /// <param name="target">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="id">The session.</param>
    /// <param name="shared">The arguments that all sessions share: the same for every call of a store.</param>
    /// <param name="own">The other arguments.</param>
    /// <param name="unanswered">Called where a try is not answered, with the list that it named.</param>
    public async Task<RedisResult> EvaluateAsync(
        RedisTarget target, RedisPartition partition, SessionId id, RedisValue[] shared, RedisValue[] own, Action<KnownList>? unanswered = null)
    {
        while (true)
        {
            var call = new ListCall(id, partition.Lists[id], shared, own);
            RedisResult reply;
            try
            {
                reply = (await AskAsync(target.Database, partition, [call]).ConfigureAwait(false))[0];
            }
            catch (Exception exception) when (unanswered is not null && RedisFaults.MayArriveLate(exception))
            {
                unanswered(call.List);
                throw;
            }

            if (IsOfItsList(partition, id, reply))
            {
                return reply;
            }
        }
    }

    private async Task<RedisResult[]> AskAsync(IDatabase database, RedisPartition partition, ListCall[] calls)
    {
        RedisKey[] sharedKeys = _keys(partition);
        var (lists, shared) = (_changesToken ? 2 : 1, calls[0].Shared);
        var keys = new RedisKey[sharedKeys.Length + (calls.Length * (1 + lists))];
        var arguments = new RedisValue[shared.Length + (calls.Length * (lists + calls[0].Own.Length))];
        sharedKeys.CopyTo(keys, 0);
        shared.CopyTo(arguments, 0);
        var (key, argument) = (sharedKeys.Length, shared.Length);
        foreach (var call in calls)
        {
            keys[key++] = partition.Session(call.Id);
            keys[key++] = partition.Frames(call.Id, call.List.Token);
            arguments[argument++] = call.List.Token;
            if (_changesToken)
            {
                var unused = FencingToken.New();
                keys[key++] = partition.Frames(call.Id, unused);
                arguments[argument++] = unused;
            }

            call.Own.CopyTo(arguments, argument);
            argument += call.Own.Length;
        }

        return (RedisResult[])(await _script.EvaluateAsync(database, keys, arguments).ConfigureAwait(false))!;
    }

    private static ReadOnlySpan<byte> Bytes(RedisResult reply) => ((ReadOnlyMemory<byte>)(RedisValue)reply).Span;
}
