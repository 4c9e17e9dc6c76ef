using System.Text;

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

    /// <summary>An id that is a number keeps its literal, so that 0, -0 and 0.0 are three ids, and none of them is a text.</summary>
    [Fact]
    public void Ids_OfOneValueWrittenInSeveralWays_AreSeveral()
    {
        RequestId[] ids = [RequestId.FromNumber(0), Make.NumberId("-0")!.Value, Make.NumberId("0.0")!.Value, RequestId.FromString(""), RequestId.FromString("0"), RequestId.FromString("-0"), RequestId.FromString("0.0")];

        for (var i = 0; i < ids.Length; i++)
        {
            Assert.All(ids[(i + 1)..], other => Assert.False(ids[i].Equals(other), $"{ids[i]} and {other}"));
        }

        Assert.Equal(RequestId.FromString(""), default);
        Assert.Equal(RequestId.FromNumber(0), Make.NumberId("0"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("1e")]
    [InlineData("1,2")]
    [InlineData("1.5 2")]
    [InlineData("abc")]
    [InlineData("true")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    public void TryParseNumber_NoNumber_IsFalse(string literal)
    {
        Assert.False(RequestId.TryParseNumber(Encoding.UTF8.GetBytes(literal), out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void TryParseNumber_LongNumber_IsBounded()
    {
        var bound = "1." + new string('5', RequestId.MaxLength - 2);

        Assert.True(RequestId.TryParseNumber(Encoding.UTF8.GetBytes(bound), out var id));
        Assert.Equal((bound, true), (id.Value, id.IsNumber));
        Assert.False(RequestId.TryParseNumber(Encoding.UTF8.GetBytes(bound + "5"), out id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void TryGetInt64_AnyId_IsTrueForIntegersOnly()
    {
        Assert.True(RequestId.FromNumber(-7).TryGetInt64(out var number));
        Assert.Equal(-7, number);
        Assert.True(Make.NumberId("12")!.Value.TryGetInt64(out number));
        Assert.Equal(12, number);
        Assert.False(Make.NumberId("1.5")!.Value.TryGetInt64(out _));
        Assert.False(RequestId.FromString("12").TryGetInt64(out _));
    }
}
