namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendBy256Callers() : AppendRow(callers: 256, sessions: 1000)
{
    public override string Name => "append.c256.s1000";

    public override int Place => 160;

    public override Goal Goal => Goal.RatioAtLeast(1.3, 1.8);
}
