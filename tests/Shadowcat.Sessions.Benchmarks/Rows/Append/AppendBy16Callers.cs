namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendBy16Callers() : AppendRow(callers: 16, sessions: 16)
{
    public override string Name => "append.c16";

    public override int Place => 110;

    public override Goal Goal => Goal.RatioAtLeast(0.9, 1.4);
}
