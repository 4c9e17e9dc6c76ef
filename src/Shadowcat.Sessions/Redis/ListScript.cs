using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>A script about one session and its list of frames. It is sent again where the list turns out to have another name.</summary>
/// <remarks>
/// Such a script has the session first among its keys, the list second and, where it renames, the list under a name never used third; first among its
/// arguments come the name of the second key and of the third.
/// </remarks>
internal sealed class ListScript(string name, bool renames = false)
{
    private readonly RedisScript _script = new(name);

    public async Task<RedisResult> EvaluateAsync(
        IDatabase database, RedisPartition partition, SessionId id, RedisKey[] keys, RedisValue[] arguments)
    {
        while (true)
        {
            var (list, unused) = (partition.Lists.Of(id), ListNames.New());
            RedisKey[] lists = renames ? [partition.Frames(id, list), partition.Frames(id, unused)] : [partition.Frames(id, list)];
            RedisValue[] names = renames ? [list, unused] : [list];
            var reply = await _script.EvaluateAsync(database, [partition.Session(id), .. lists, .. keys], [.. names, .. arguments]).ConfigureAwait(false);
            if ((string?)reply[0] is not "list")
            {
                return reply;
            }

            partition.Lists.Note(id, (string)reply[1]!);
        }
    }
}
