using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Notes activity of <see cref="Documents"/> in a MULTI of HSET and PEXPIRE.</summary>
internal sealed class DocumentsTouch(Bench bench, int sessions) : Operation<bool>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey _ids = bench.Key("documents:ids");
    private readonly RedisKey[] _hashes = [.. Enumerable.Range(0, sessions).Select(i => (RedisKey)bench.Key($"documents:{i}"))];
    private int _callers;

    public override async Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        await Task.WhenAll(_hashes.Select((hash, i) => Documents.CreateAsync(_database, hash, _ids, $"{i}")));
    }

    public override Task EndRoundAsync() => bench.RemoveAsync([.. _hashes, _ids]);

    public override ValueTask<bool> CallAsync(int caller, long call)
    {
        var hash = _hashes[Turns.Next(caller, _callers, call, _hashes.Length)];
        var transaction = _database.CreateTransaction();
        _ = transaction.HashSetAsync(hash, "active", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        _ = transaction.KeyExpireAsync(hash, Documents.TimeToLive);
        return new ValueTask<bool>(transaction.ExecuteAsync());
    }
}
