using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>SCARD of the set of active ids, which also counts the expired.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/scard/"/>
internal sealed class SetCardinality(Bench bench) : Operation<long>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey _active = bench.Partition.Active;

    public override ValueTask<long> CallAsync(int caller, long call) => new(_database.SetLengthAsync(_active));
}
