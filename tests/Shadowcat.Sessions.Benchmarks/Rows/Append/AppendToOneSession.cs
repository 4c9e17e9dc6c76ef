namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendToOneSession() : AppendRow(callers: 64, sessions: 1)
{
    public override string Name => "append.c64.s1";

    public override int Place => 120;

    public override Goal Goal => Goal.RatioAtLeast(2.0, 3.2);
}
