using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

/// <summary>An append of ours to one session in a file against a bare INSERT in a transaction of its own, with so many callers.</summary>
internal abstract class SqliteAppendRow(int callers) : Row
{
    public override string Name => $"sqlite.append.c{callers}";

    public override string Subject => $"SQLite: append vs INSERT in a transaction each, {callers} callers, 1 session";

    public override string Unit => "frames/s";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var files = new SqliteFiles();
        using var bare = new BareInsert(files);
        return Throughput(await Contest.RunAsync(new AppendOperation(files.Store, sessions: 1, static () => Task.CompletedTask), bare, callers, bench.Pace));
    }
}
