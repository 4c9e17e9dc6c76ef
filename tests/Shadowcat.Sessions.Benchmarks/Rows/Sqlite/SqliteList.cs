using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;
using Shadowcat.Sessions.Sqlite;

namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

internal sealed class SqliteList : Row
{
    private const int Population = 100_000;

    public override string Name => "sqlite.list.100k";

    public override int Place => 740;

    public override string Subject => "SQLite: p95 of the first page of 100 of 100 000 sessions, the newest first; the reference is a SELECT of their rows; 1 caller";

    public override string Unit => "ms";

    public override Goal Goal => Goal.OursAtMost(20, 5);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var files = new SqliteFiles(SqliteSynchronous.Normal);
        await SampleSessions.CreateAsync(files.Store, Population);
        var reference = new BareSelect(files.OpenOurs(), "SELECT * FROM sessions ORDER BY created DESC, id DESC LIMIT $key", [100]);
        var contest = await Contest.RunAsync(new ListPageOperation(files.Store), reference, callers: 1, bench.Pace);
        return new RowResult(this, contest.Figures(round => round.Milliseconds(95)), contest.Latencies, contest.Allocated);
    }

    private sealed class ListPageOperation(ISessionStore store) : Operation<SessionPage>
    {
        private readonly SessionFilter _newestFirst = new() { Order = SessionOrder.NewestFirst };

        public override ValueTask<SessionPage> CallAsync(int caller, long call) => store.ListSessionPageAsync(_newestFirst, pageSize: 100);
    }
}
