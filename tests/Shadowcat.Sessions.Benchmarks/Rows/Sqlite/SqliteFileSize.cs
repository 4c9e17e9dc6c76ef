using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using Shadowcat.Sessions.Sqlite;

namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

/// <summary>How large the file is, everything included, where sessions are recorded one after the other.</summary>
internal sealed class SqliteFileSize : Row
{
    private const int Sessions = 300;
    private const int Frames = 100;

    public override string Name => "sqlite.file";

    public override int Place => 750;

    public override string Subject => "SQLite: the file for a session with 100 frames of 1 KB ÷ the bytes of its payloads";

    public override string Unit => "B";

    public override Goal Goal => Goal.RatioAtMost(1.25, 1.1);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var files = new SqliteFiles(SqliteSynchronous.Normal);
        for (var i = 0; i < Sessions; i++)
        {
            var id = (await SampleSessions.CreateAsync(files.Store, 1))[0];
            for (var frame = 0; frame < Frames; frame++)
            {
                await files.Store.AddFrameAsync(Messages.Envelope(id, frame));
            }
        }

        var (ours, payloads) = ((double)await files.CloseAsync() / Sessions, (double)Frames * Messages.Bytes);
        return new RowResult(this, new Figures(ours, payloads, Spread.Of([ours / payloads])), Latencies: null, Allocated: null);
    }
}
