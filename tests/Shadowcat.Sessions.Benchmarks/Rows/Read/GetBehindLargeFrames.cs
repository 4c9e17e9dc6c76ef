namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class GetBehindLargeFrames() : GetBehindFrames(frameBytes: 4 * 1024 * 1024)
{
    public override string Name => "get.behind-4MiB";

    public override int Place => 340;

    public override string Subject => "p99 of a get while frames of 4 MiB are read, over 3 connections vs 1";
}
