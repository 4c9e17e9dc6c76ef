using System.Globalization;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Goes round the indexes of a partition, a bounded number of entries at a time, for who puts them right: a server that evicts, or a hand, takes out one and leaves the others.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/scan/"/>
internal sealed class IndexScrub(RedisPartition partition)
{
    /// <summary>About so many entries of each index are looked at in a step.</summary>
    private const int EntriesPerStep = 200;

    private readonly RedisValue[] _cursors = ["0", "0", "0"];

    /// <summary>The entries of the next step, each once.</summary>
    public async Task<RedisValue[]> NextAsync(IDatabase database)
    {
        (string Command, RedisKey Key, int Step)[] indexes = [("SSCAN", partition.Active, 1), ("ZSCAN", partition.Expiry, 2), ("ZSCAN", partition.Index, 2)];
        var replies = await Task.WhenAll(indexes.Select((index, i) =>
            database.ExecuteAsync(index.Command, index.Key, _cursors[i], "COUNT", EntriesPerStep.ToString(CultureInfo.InvariantCulture)))).ConfigureAwait(false);
        var entries = new HashSet<RedisValue>();
        for (var i = 0; i < replies.Length; i++)
        {
            _cursors[i] = (RedisValue)replies[i][0];
            var elements = (RedisValue[])replies[i][1]!;
            for (var element = 0; element < elements.Length; element += indexes[i].Step)
            {
                entries.Add(elements[element]);
            }
        }

        return [.. entries];
    }
}
