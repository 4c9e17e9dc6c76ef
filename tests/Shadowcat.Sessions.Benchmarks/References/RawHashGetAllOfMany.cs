using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>HGETALL of the hashes of several sessions of ours, pipelined; nothing is made of the fields.</summary>
internal sealed class RawHashGetAllOfMany(Bench bench, SessionId[] ids, int together) : Operation<HashEntry[][]>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey[] _keys = [.. ids.Select(bench.Partition.Session)];
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<HashEntry[][]> CallAsync(int caller, long call)
    {
        var first = Turns.Next(caller, _callers, call, _keys.Length);
        return new ValueTask<HashEntry[][]>(Task.WhenAll(Enumerable.Range(0, together).Select(i => _database.HashGetAllAsync(_keys[(first + i) % _keys.Length]))));
    }
}
