using Shadowcat.Sessions.Benchmarks.Workload;
using Shadowcat.Sessions.Servers;
using Spectre.Console;

namespace Shadowcat.Sessions.Benchmarks.Rows.Recording;

internal sealed class RecordedCallWithoutRedis : RecordedCallRow
{
    public override string Name => "record.call.no-redis";

    public override int Place => 445;

    public override string Subject => "the same with no Redis there: what cannot be recorded is counted";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = $"127.0.0.1:{LoopbackPort.NextFree()}" });
        var (result, recorded, dropped) = await MeasureAsync(bench, store);
        AnsiConsole.MarkupLineInterpolated($"[grey]{Name}: {dropped} messages were dropped and counted[/]");
        return recorded == 0 && dropped > 0
            ? result
            : throw new InvalidOperationException($"Without Redis {recorded} messages were said to be recorded, and {dropped} not to be.");
    }
}
