namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendByOneCaller() : AppendRow(callers: 1, sessions: 1)
{
    public override string Name => "append.c1";

    public override int Place => 100;

    public override Goal Goal => Goal.RatioAtLeast(0.65, 0.9);
}
