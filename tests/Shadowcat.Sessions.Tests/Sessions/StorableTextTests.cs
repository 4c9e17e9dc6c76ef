namespace Shadowcat.Sessions.Tests.Sessions;

/// <summary>Text of others becomes text that every store accepts.</summary>
public sealed class StorableTextTests
{
    public static TheoryData<string> Refused { get; } = ["", new string('x', StorableText.MaxLength + 1), "a\nb", "\U0001F600", $"sha256:{StorableText.HashOf("a")}"];

    [Theory]
    [InlineData("a")]
    [InlineData("tenant=1&user=bob b.")]
    [InlineData("größer")]
    public void Of_TextThatStoresAccept_IsTheText(string text) => Assert.Same(text, StorableText.Of(text));

    [Fact]
    public void Of_TextOfTheGreatestLength_IsTheText()
    {
        var text = new string('x', StorableText.MaxLength);

        Assert.Same(text, StorableText.Of(text));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Of_OtherText_IsItsHash(string text) => Assert.Equal($"sha256:{StorableText.HashOf(text)}", StorableText.Of(text));

    // No theory: a runner that hands its data on as UTF-8 replaces the surrogate.
    [Fact]
    public void Of_UnpairedSurrogate_IsItsHash() => Assert.Equal($"sha256:{StorableText.HashOf("\uD800")}", StorableText.Of("\uD800"));

    [Fact]
    public void Of_DifferentTexts_AreDifferent() =>
        Assert.Equal(Refused.Count, Refused.Select(text => StorableText.Of(text.Data)).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void HashOf_Text_IsTheSameInEveryProcess() => Assert.Equal("ffe9aaeaa2a2d5048174df0b80599ef0", StorableText.HashOf("a"));

    [Fact]
    public void HashOf_UnpairedSurrogates_AreDifferent() => Assert.NotEqual(StorableText.HashOf("\uD800"), StorableText.HashOf("\uD801"));

    [Fact]
    public void HashOf_Text_IsASessionId() => Assert.Equal(32, new SessionId(StorableText.HashOf("any text\n")).Value.Length);

    [Fact]
    public void Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => StorableText.Of(null!));
        Assert.Throws<ArgumentNullException>(() => StorableText.HashOf(null!));
    }
}
