namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class SessionTagTests
{
    public static TheoryData<string> Invalid => ["", "\0", "a\nb", "\u0085", "\ud800", "\udc00a", "a\ud83d", new string('x', SessionTag.MaxLength + 1)];

    public static TheoryData<string> Valid => ["a", " ", "größe", "日本", "👩‍🚀", "a,b", "{}", new string('x', SessionTag.MaxLength)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void New_Printable_KeepsEveryCharacter(string value)
    {
        SessionTag tag = value;

        Assert.Equal(value, tag.Value);
        Assert.Equal(value, tag.ToString());
        Assert.Equal(new SessionTag(value), tag);
        Assert.Equal(new SessionTag(value).GetHashCode(), tag.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void New_AnythingElse_IsRefused(string value) =>
        Assert.Equal("value", Assert.Throws<ArgumentException>(() => new SessionTag(value)).ParamName);

    [Fact]
    public void New_Null_IsRefused() => Assert.Throws<ArgumentNullException>(() => new SessionTag(null!));

    [Fact]
    public void Comparison_IsOrdinal()
    {
        SessionTag upper = "B";
        SessionTag lower = "a";

        Assert.True(upper < lower && lower > upper);
        Assert.True(upper <= new SessionTag("B") && upper >= new SessionTag("B"));
        Assert.True(upper == new SessionTag("B") && upper != new SessionTag("b"));
        Assert.True(upper.Equals((object)new SessionTag("B")));
        Assert.False(upper.Equals((object)"B"));
        Assert.Equal("", default(SessionTag).Value);
        Assert.Equal(default(SessionTag).GetHashCode(), default(SessionTag).GetHashCode());

        // One spelling in two normal forms is two tags: they are compared as they are stored.
        Assert.NotEqual(new SessionTag("\u00fc"), new SessionTag("u\u0308"));
    }

    [Fact]
    public void Operators_OfOneTag_SayThatItIsTheSame()
    {
        var (left, right) = (new SessionTag("a"), new SessionTag("a"));

        Assert.Equal((false, true, false, true), (left < right, left <= right, left > right, left >= right));
    }
}
