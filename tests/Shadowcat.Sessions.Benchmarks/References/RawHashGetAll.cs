using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>HGETALL of the hash of a session of ours; nothing is made of the fields.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/hgetall/"/>
internal sealed class RawHashGetAll(Bench bench, SessionId[] ids) : Operation<HashEntry[]>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey[] _keys = [.. ids.Select(bench.Partition.Session)];
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<HashEntry[]> CallAsync(int caller, long call) =>
        new(_database.HashGetAllAsync(_keys[Turns.Next(caller, _callers, call, _keys.Length)]));
}
