using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>LRANGE of all the frames of a session of ours in one reply; nothing is made of them.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/lrange/"/>
internal sealed class RawListRange(Bench bench, SessionId id) : Operation<RedisValue[]>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey _list = bench.ListKeyOf(id);

    public override ValueTask<RedisValue[]> CallAsync(int caller, long call) => new(_database.ListRangeAsync(_list));
}
