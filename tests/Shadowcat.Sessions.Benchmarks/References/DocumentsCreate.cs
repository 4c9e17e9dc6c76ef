using System.Collections.Concurrent;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Creates <see cref="Documents"/>.</summary>
internal sealed class DocumentsCreate(Bench bench) : Operation<bool>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey _ids = bench.Key("documents:ids");
    private readonly ConcurrentBag<RedisKey> _hashes = [];

    public override async Task EndRoundAsync()
    {
        await bench.RemoveAsync([.. _hashes, _ids]);
        _hashes.Clear();
    }

    public override ValueTask<bool> CallAsync(int caller, long call)
    {
        var id = SessionId.New().Value;
        RedisKey hash = bench.Key($"documents:{id}");
        _hashes.Add(hash);
        return new ValueTask<bool>(Documents.CreateAsync(_database, hash, _ids, id));
    }
}
