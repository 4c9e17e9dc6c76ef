namespace Shadowcat.Sessions.Tests.Buffering;

public sealed class RetryPausesTests
{
    [Fact]
    public void Next_TriesThatFail_DoublesUpToTheLongest()
    {
        var pauses = new RetryPauses(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(35));

        foreach (var full in new[] { 10, 20, 35, 35, 35 })
        {
            Assert.InRange(pauses.Next().TotalMilliseconds, full / 2.0, full);
        }
    }

    [Fact]
    public void Next_AfterReset_IsTheFirst()
    {
        var pauses = new RetryPauses(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
        {
            _ = pauses.Next();
        }

        pauses.Reset();

        Assert.InRange(pauses.Next().TotalMilliseconds, 5, 10);
        Assert.InRange(pauses.Next().TotalMilliseconds, 10, 20);
    }

    [Fact]
    public void Next_OfManyProcesses_IsNotTheSame()
    {
        var first = Enumerable.Range(0, 100).Select(_ => new RetryPauses(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)).Next()).ToList();

        Assert.True(first.Max() - first.Min() > TimeSpan.FromMilliseconds(100));
    }
}
