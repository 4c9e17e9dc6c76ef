namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendTo1000Sessions() : AppendRow(callers: 64, sessions: 1000)
{
    public override string Name => "append.c64.s1000";

    public override int Place => 140;

    public override Goal Goal => Goal.RatioAtLeast(1.3, 2.2);
}
