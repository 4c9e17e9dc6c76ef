using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Deletes <see cref="Documents"/>, each with a list of one frame, in a MULTI of DEL twice and SREM.</summary>
internal sealed class DocumentsDelete(Bench bench, int callsPerCaller) : Operation<bool>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey _ids = bench.Key("documents:ids");
    private RedisKey[] _hashes = [];
    private RedisKey[] _lists = [];

    public override long CallsPerCaller => callsPerCaller;

    public override async Task BeginRoundAsync(int callers)
    {
        _hashes = [.. Enumerable.Range(0, callers * callsPerCaller).Select(i => (RedisKey)bench.Key($"documents:{i}"))];
        _lists = [.. Enumerable.Range(0, _hashes.Length).Select(i => (RedisKey)bench.Key($"documents:frames:{i}"))];
        var frame = FrameFormat.Encode(Messages.Envelope(SessionId.New(), 0));
        await Task.WhenAll(_hashes.Select((hash, i) => Documents.CreateAsync(_database, hash, _ids, $"{i}")));
        await Task.WhenAll(_lists.Select(list => _database.ListRightPushAsync(list, frame)));
    }

    public override Task EndRoundAsync() => bench.RemoveAsync([.. _hashes, .. _lists, _ids]);

    public override ValueTask<bool> CallAsync(int caller, long call)
    {
        var i = (caller * callsPerCaller) + (int)call;
        var transaction = _database.CreateTransaction();
        _ = transaction.KeyDeleteAsync(_hashes[i]);
        _ = transaction.KeyDeleteAsync(_lists[i]);
        _ = transaction.SetRemoveAsync(_ids, $"{i}");
        return new ValueTask<bool>(transaction.ExecuteAsync());
    }
}
