namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

internal sealed class SqliteAppendByOneCaller() : SqliteAppendRow(callers: 1)
{
    public override int Place => 700;

    public override Goal Goal => Goal.RatioAtLeast(0.8, 1.0);
}
