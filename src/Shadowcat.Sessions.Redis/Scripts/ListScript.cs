using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A script about one session and its list of frames. It is sent again where the list turns out to have another token.</summary>
/// <remarks>
/// Such a script has the session first among its keys, the list second and, where it renames, the list under a token never used third; first among its
/// arguments come the tokens of the second key and of the third. Where the list has another token, it changes nothing and answers <c>{'list', token, generation, sequences counted}</c>.
/// </remarks>
internal sealed class ListScript(string name, bool renames = false)
{
    private readonly RedisScript _script = new(name);

    /// <summary>Sends it until it names the token that the list has.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="id">The session.</param>
    /// <param name="keys">The other keys.</param>
    /// <param name="arguments">The other arguments.</param>
    /// <param name="unanswered">Is called where a try is not answered, with the list that it was about.</param>
    public async Task<RedisResult> EvaluateAsync(
        IDatabase database, RedisPartition partition, SessionId id, RedisKey[] keys, RedisValue[] arguments, Action<KnownList>? unanswered = null)
    {
        while (true)
        {
            var list = partition.Lists[id];
            var (token, unused) = (list.Token, FencingToken.New());
            RedisKey[] lists = renames ? [partition.Frames(id, token), partition.Frames(id, unused)] : [partition.Frames(id, token)];
            RedisValue[] tokens = renames ? [token, unused] : [token];
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
