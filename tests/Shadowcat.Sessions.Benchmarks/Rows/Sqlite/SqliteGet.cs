using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

internal sealed class SqliteGet : Row
{
    private const int Sessions = 1000;

    public override string Name => "sqlite.get";

    public override int Place => 720;

    public override string Subject => "SQLite: get vs SELECT of the same row by its id, 1 caller, 1000 sessions with a frame each";

    public override string Unit => "sessions/s";

    public override Goal Goal => Goal.RatioAtLeast(0.7, 0.9);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var files = new SqliteFiles();
        var ids = await SampleSessions.CreateAsync(files.Store, Sessions);
        await Task.WhenAll(ids.Select(id => files.Store.AddFrameAsync(Messages.Envelope(id, 0)).AsTask()));
        var reference = new BareSelect(files.OpenOurs(), "SELECT * FROM sessions WHERE id = $key", [.. ids.Select(id => id.Value)]);
        return Throughput(await Contest.RunAsync(new GetOperation(files.Store, ids), reference, callers: 1, bench.Pace));
    }
}
