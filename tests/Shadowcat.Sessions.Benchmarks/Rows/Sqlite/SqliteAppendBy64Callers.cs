namespace Shadowcat.Sessions.Benchmarks.Rows.Sqlite;

internal sealed class SqliteAppendBy64Callers() : SqliteAppendRow(callers: 64)
{
    public override int Place => 710;

    public override Goal Goal => Goal.RatioAtLeast(8, 20);
}
