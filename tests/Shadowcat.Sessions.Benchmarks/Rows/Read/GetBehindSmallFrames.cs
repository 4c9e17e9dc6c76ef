namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class GetBehindSmallFrames() : GetBehindFrames(frameBytes: 16 * 1024)
{
    public override string Name => "get.behind-16KiB";

    public override int Place => 341;

    public override string Subject => "p99 of a get while frames of 16 KiB are read, over 3 connections vs 1";
}
