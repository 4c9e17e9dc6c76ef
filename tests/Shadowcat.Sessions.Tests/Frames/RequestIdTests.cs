namespace Shadowcat.Sessions.Tests.Frames;

public sealed class RequestIdTests
{
    [Fact]
    public void Ids_OfTwoJsonTypes_AreTwo()
    {
        Assert.NotEqual(RequestId.FromString("1"), RequestId.FromNumber(1));
        Assert.True(RequestId.FromString("1") != RequestId.FromNumber(1));
        Assert.True(RequestId.FromNumber(1) == RequestId.FromNumber(1));
        Assert.True(RequestId.FromNumber(1).Equals((object)RequestId.FromNumber(1)));
        Assert.False(RequestId.FromNumber(1).Equals((object)1));
        Assert.Equal(RequestId.FromString("x").GetHashCode(), RequestId.FromString("x").GetHashCode());
        Assert.NotEqual(RequestId.FromString("a"), RequestId.FromString("A"));
    }

    [Fact]
    public void Numbers_KeepTheirValue()
    {
        Assert.Equal("-9223372036854775808", RequestId.FromNumber(long.MinValue).Value);
        Assert.Equal("9223372036854775807", RequestId.FromNumber(long.MaxValue).ToString());
        Assert.True(RequestId.FromNumber(0).IsNumber);
    }

    [Fact]
    public void Strings_AreBounded()
    {
        Assert.Equal("", RequestId.FromString("").Value);
        Assert.Equal("\n\0", RequestId.FromString("\n\0").Value);
        Assert.Equal(1024, RequestId.FromString(new string('x', 1024)).Value.Length);
        Assert.False(RequestId.FromString("x").IsNumber);
        Assert.Throws<ArgumentException>(() => RequestId.FromString(new string('x', 1025)));
        Assert.Throws<ArgumentException>(() => RequestId.FromString("\ud800"));
        Assert.Throws<ArgumentNullException>(() => RequestId.FromString(null!));
    }
}
