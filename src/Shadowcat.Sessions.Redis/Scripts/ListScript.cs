using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A script about one session and its list of frames. It is sent again where the list has another fencing token than this process knows.</summary>
/// <remarks>
/// The first key of such a script is the session, the second the list and, where the script changes the token, the third the list under a token never used. Its first
/// arguments are the tokens of the second and the third key. Where the list has another token, it changes nothing and answers <c>{'list', token, generation, sequences counted}</c>.
/// </remarks>
internal sealed class ListScript(string name, bool changesToken = false)
{
    private readonly RedisScript _script = new(name);

    /// <summary>Sends it until it names the token that the list has.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="id">The session.</param>
    /// <param name="keys">The other keys.</param>
    /// <param name="arguments">The other arguments.</param>
    /// <param name="unanswered">Called where a try is not answered, with the list that it named.</param>
    public async Task<RedisResult> EvaluateAsync(
        IDatabase database, RedisPartition partition, SessionId id, RedisKey[] keys, RedisValue[] arguments, Action<KnownList>? unanswered = null)
    {
        while (true)
        {
            var list = partition.Lists[id];
            var (token, unused) = (list.Token, FencingToken.New());
            RedisKey[] lists = changesToken ? [partition.Frames(id, token), partition.Frames(id, unused)] : [partition.Frames(id, token)];
            RedisValue[] tokens = changesToken ? [token, unused] : [token];
            RedisResult reply;
            try
            {
                reply = await _script.EvaluateAsync(database, [partition.Session(id), .. lists, .. keys], [.. tokens, .. arguments]).ConfigureAwait(false);
            }
            catch (Exception exception) when (unanswered is not null && RedisFaults.MayArriveLate(exception))
            {
                unanswered(list);
                throw;
            }

            if ((string?)reply[0] is not "list")
            {
                return reply;
            }

            partition.Lists.Note(id, KnownList.Of(Bytes(reply[1]), Bytes(reply[2]), (long)reply[3]));
        }
    }

    private static ReadOnlySpan<byte> Bytes(RedisResult reply) => ((ReadOnlyMemory<byte>)(RedisValue)reply).Span;
}
