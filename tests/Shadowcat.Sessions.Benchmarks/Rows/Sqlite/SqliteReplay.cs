using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

internal sealed class SqliteReplay : Row
{
    private const int Frames = 1000;

    public override string Name => "sqlite.replay.1000";

    public override int Place => 730;

    public override string Subject => "SQLite: 1000 frames as envelopes that own their payloads vs SELECT of the same rows, 1 caller";

    public override string Unit => "frames/s";

    public override Goal Goal => Goal.RatioAtLeast(0.7, 0.9);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var files = new SqliteFiles();
        var id = (await SampleSessions.CreateAsync(files.Store, 1))[0];
        await files.Store.AddFramesAsync(id, Messages.Envelopes(id, Frames));
        var reference = new BareSelect(
            files.OpenOurs(), "SELECT f.* FROM sessions AS s JOIN frames AS f ON f.place >= s.key << 32 AND f.place < (s.key + 1) << 32 WHERE s.id = $key ORDER BY f.place", [id.Value]);
        return Throughput(await Contest.RunAsync(new ReplayOperation(files.Store, id), reference, callers: 1, bench.Pace), Frames);
    }
}
