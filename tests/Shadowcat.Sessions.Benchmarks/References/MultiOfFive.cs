using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>The append that the layout suggests at first sight: a MULTI of RPUSH, HINCRBY, HSET and two EXPIRE. The frame is ready-made.</summary>
/// <seealso href="https://redis.io/docs/latest/develop/using-commands/transactions/"/>
internal sealed class MultiOfFive(Bench bench, int sessions) : Operation<bool>
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey[] _lists = [.. Enumerable.Range(0, sessions).Select(i => (RedisKey)bench.Key($"multi:frames:{i}"))];
    private readonly RedisKey[] _hashes = [.. Enumerable.Range(0, sessions).Select(i => (RedisKey)bench.Key($"multi:session:{i}"))];
    private readonly byte[][] _frames = [.. Messages.Envelopes(SessionId.New(), 8).Select(frame => FrameFormat.Encode(frame))];
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override async Task EndRoundAsync()
    {
        await bench.RemoveAsync(_lists);
        await bench.RemoveAsync(_hashes);
    }

    public override ValueTask<bool> CallAsync(int caller, long call)
    {
        var session = Turns.Next(caller, _callers, call, sessions);
        var transaction = _database.CreateTransaction();
        _ = transaction.ListRightPushAsync(_lists[session], _frames[call % _frames.Length]);
        _ = transaction.HashIncrementAsync(_hashes[session], "frame_count");
        _ = transaction.HashSetAsync(_hashes[session], "last_activity", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        _ = transaction.KeyExpireAsync(_hashes[session], TimeToLive);
        _ = transaction.KeyExpireAsync(_lists[session], TimeToLive);
        return new ValueTask<bool>(transaction.ExecuteAsync());
    }
}
