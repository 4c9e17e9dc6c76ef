namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendTo64Sessions() : AppendRow(callers: 64, sessions: 64)
{
    public override string Name => "append.c64.s64";

    public override int Place => 130;

    public override Goal Goal => Goal.RatioAtLeast(1.3, 2.2);
}
