using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>R: one plain RPUSH a frame. The frame is ready-made, so the reference does not even pay for encoding.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/rpush/"/>
internal sealed class BareRPush(Bench bench, int sessions) : Operation<long>
{
    private readonly IDatabase _database = bench.Database;
    private readonly RedisKey[] _lists = [.. Enumerable.Range(0, sessions).Select(i => (RedisKey)bench.Key($"rpush:{i}"))];
    private readonly byte[][] _frames = [.. Messages.Envelopes(SessionId.New(), 8).Select(frame => FrameFormat.Encode(frame))];
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override Task EndRoundAsync() => bench.RemoveAsync(_lists);

    public override ValueTask<long> CallAsync(int caller, long call) =>
        new(_database.ListRightPushAsync(_lists[Turns.Next(caller, _callers, call, sessions)], _frames[call % _frames.Length]));
}
