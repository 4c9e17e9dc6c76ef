using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>The events that pages of a session share.</summary>
public sealed class RecentEventsTests
{
    private readonly RecentEvents _events = new(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_WaitsUntilSomePageWantsTheNext()
    {
        var publishing = _events.PublishAsync(FramesOf(10, 12), Ct).AsTask();
        var taken = await _events.TakeAsync(0, Ct);
        Assert.False(publishing.IsCompleted);

        var next = _events.TakeAsync(1, Ct).AsTask();
        await publishing;
        _ = _events.PublishAsync(FramesOf(12, 13), Ct).AsTask();

        Assert.Equal((12, 13), (taken!.Next, (await next)!.Next));
    }

    [Fact]
    public async Task Take_OfWhatIsKeptNoMore_IsNothing()
    {
        for (var sequence = 10; sequence < 30; sequence++)
        {
            _ = _events.PublishAsync(FramesOf(sequence, sequence + 1), Ct).AsTask();
        }

        Assert.Null(await _events.TakeAsync(3, Ct));
        Assert.Equal(14, (await _events.TakeAsync(4, Ct))!.First);
        Assert.Equal<long?>([null, 4, 20, null], [_events.Find(13), _events.Find(14), _events.Find(30), _events.Find(31)]);
    }

    /// <summary>Events that are large are kept for less long; the newest is kept in any case.</summary>
    [Fact]
    public async Task Publish_OfLargeEvents_KeepsFew()
    {
        var large = new string(' ', 600 * 1024);
        _ = _events.PublishAsync(FollowEvent.OfFrames(10, 11, Encoding.UTF8.GetBytes($"[{large}1]")), Ct).AsTask();
        _ = _events.PublishAsync(FollowEvent.OfFrames(11, 12, Encoding.UTF8.GetBytes($"[{large}2]")), Ct).AsTask();

        Assert.Null(await _events.TakeAsync(0, Ct));
        Assert.Equal(12, (await _events.TakeAsync(1, Ct))!.Next);
    }

    [Fact]
    public async Task Complete_WithAFailure_TellsWhoWaits()
    {
        var waiting = _events.TakeAsync(0, Ct).AsTask();

        _events.Complete(new NotSupportedException("no"));

        Assert.IsType<NotSupportedException>((await Assert.ThrowsAsync<InvalidOperationException>(() => waiting)).InnerException);
        Assert.Null(_events.Find(10));
    }

    [Theory]
    [InlineData(9, """[{"s":10,"m":"],["},{"s":11},{"s":12}]""")]
    [InlineData(10, """[{"s":10,"m":"],["},{"s":11},{"s":12}]""")]
    [InlineData(11, """[{"s":11},{"s":12}]""")]
    [InlineData(12, """[{"s":12}]""")]
    public void DataFrom_AFrame_LeavesOutThoseBefore(long sequence, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(FollowEvent.OfFrames(10, 13, """[{"s":10,"m":"],["},{"s":11},{"s":12}]"""u8.ToArray()).DataFrom(sequence).Span));

    private static FollowEvent FramesOf(long first, long next) => FollowEvent.OfFrames(first, next, "[1]"u8.ToArray());
}
