namespace Shadowcat.Sessions.Tests.Frames;

public sealed class FrameRangeTests
{
    [Fact]
    public void Ranges_SayWhatTheyAre()
    {
        Assert.Equal(default, FrameRange.All);
        Assert.Equal((null, null), (FrameRange.All.Start, FrameRange.All.Count));
        Assert.Equal((5, null), (FrameRange.From(5).Start, FrameRange.From(5).Count));
        Assert.Equal((0, 7), (FrameRange.From(0, 7).Start, FrameRange.From(0, 7).Count));
        Assert.Equal((null, 3), (FrameRange.Last(3).Start, FrameRange.Last(3).Count));
        Assert.NotEqual(FrameRange.All, FrameRange.From(0));
        Assert.NotEqual(FrameRange.Last(0), FrameRange.All);
        Assert.Equal(FrameRange.From(1, 2), FrameRange.From(1, 2));
    }

    [Fact]
    public void Ranges_NegativeNumbers_AreRefused()
    {
        Assert.Equal("sequence", Assert.Throws<ArgumentOutOfRangeException>(() => FrameRange.From(-1)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => FrameRange.From(0, -1)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => FrameRange.Last(-1)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameRange.Last(long.MinValue));
    }

    [Fact]
    public void IsFromEnd_AnyRange_IsTrueForTheLastOnly()
    {
        Assert.True(FrameRange.Last(3).IsFromEnd);
        Assert.True(FrameRange.Last(0).IsFromEnd);
        Assert.False(FrameRange.All.IsFromEnd);
        Assert.False(FrameRange.From(0).IsFromEnd);
        Assert.False(FrameRange.From(0, 3).IsFromEnd);
    }
}
