using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendOverSocket : Row
{
    private const int Callers = 64;
    private const int Sessions = 64;

    public override string Name => "append.unixsocket.c64";

    public override int Place => 170;

    public override string Subject => "append vs RPUSH, both over a unix socket, 64 callers, 64 sessions";

    public override string Unit => "frames/s";

    public override Goal Goal => Goal.RatioAtLeast(0.7, 1.0);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var socket = bench.Socket ?? throw new RowSkippedException("no unix socket: name the server's with --unix, or let the harness start its own server");
        await using var local = await bench.ConnectToSocketAsync(socket);
        return Throughput(await Contest.RunAsync(
            new AppendOperation(local.Store, Sessions, local.SettleAsync), new BareRPush(local, Sessions), Callers, bench.Pace));
    }
}
