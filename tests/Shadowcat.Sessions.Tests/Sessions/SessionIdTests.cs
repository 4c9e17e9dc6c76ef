using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class SessionIdTests
{
    public static TheoryData<string> Invalid =>
        ["", " ", "a b", "a\tb", "a\n", "\0", "a\0", "\u007f", "\u0080", "größe", "日本", "👩‍🚀", "\ud800", "\u200b", new string('x', SessionId.MaxLength + 1)];

    public static TheoryData<string> Valid => ["!", "~", "{a}:b", "a", "*?[]\\\"'", new string('x', SessionId.MaxLength)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void New_VisibleAscii_KeepsEveryCharacter(string value)
    {
        var id = new SessionId(value);

        Assert.Equal(value, id.Value);
        Assert.Equal(value, id.ToString());
        Assert.False(id.IsDefault);
        Assert.True(SessionId.TryParse(value, null, out var parsed));
        Assert.Equal(id, parsed);
        Assert.Equal(id, SessionId.Parse(value, null));
        Assert.Equal(id, SessionId.Parse(value.AsSpan(), null));
    }

    [Fact]
    public void New_EveryAsciiCharacter_TakesTheVisibleOnes()
    {
        for (var c = '\0'; c <= '\u00ff'; c++)
        {
            Assert.Equal(c is >= '!' and <= '~', SessionId.TryParse($"a{c}", null, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void New_AnythingElse_IsRefused(string value)
    {
        var exception = Assert.Throws<ArgumentException>(() => new SessionId(value));

        Assert.Equal("value", exception.ParamName);
        Assert.False(SessionId.TryParse(value, null, out var id));
        Assert.True(id.IsDefault);
        Assert.Throws<ArgumentException>(() => SessionId.Parse(value, null));
    }

    [Fact]
    public void New_Invalid_SaysWhatIsWrong()
    {
        Assert.Contains("256", Assert.Throws<ArgumentException>(() => new SessionId(new string('x', 300))).Message, StringComparison.Ordinal);
        Assert.Contains("300", Assert.Throws<ArgumentException>(() => new SessionId(new string('x', 300))).Message, StringComparison.Ordinal);
        Assert.Contains("position 2 is U+000A", Assert.Throws<ArgumentException>(() => new SessionId("ab\nc")).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => new SessionId("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new SessionId(null!));
        Assert.False(SessionId.TryParse(null, null, out _));
    }

    [Fact]
    public void Default_IsNoIdentity()
    {
        Assert.True(default(SessionId).IsDefault);
        Assert.Equal("", default(SessionId).Value);
        Assert.Equal("", default(SessionId).ToString());
        Assert.Equal(default, default(SessionId));
        Assert.NotEqual(default, new SessionId("a"));
        Assert.Equal(default(SessionId).GetHashCode(), default(SessionId).GetHashCode());
        Assert.True(default(SessionId) < new SessionId("!"));
    }

    [Fact]
    public void Comparison_IsOrdinal()
    {
        var upper = new SessionId("B");
        var lower = new SessionId("a");

        Assert.True(upper < lower);
        Assert.True(lower > upper);
        Assert.True(upper <= new SessionId("B") && upper >= new SessionId("B"));
        Assert.True(upper == new SessionId("B"));
        Assert.True(upper != new SessionId("b"));
        Assert.False(upper.Equals((object)"B"));
        Assert.True(upper.Equals((object)new SessionId("B")));
        Assert.Equal(new SessionId("B").GetHashCode(), upper.GetHashCode());
    }

    [Fact]
    public void New_Minted_IsAUuidOfVersion7ThatSortsByTime()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var minted = new List<SessionId>();
        for (var i = 0; i < 200; i++)
        {
            minted.Add(SessionId.New(clock));
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(minted, minted.Order());
        Assert.Equal(200, minted.Distinct().Count());
        Assert.All(minted, id => Assert.Matches("^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$", id.Value));
        Assert.StartsWith(clock.Start.ToUnixTimeMilliseconds().ToString("x12"), minted[0].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void New_MintedAtOneMoment_AreDifferent()
    {
        var clock = new FakeTimeProvider();

        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => SessionId.New(clock)).Distinct().Count());
    }

    [Fact]
    public void Json_IsAString()
    {
        var id = new SessionId("{a}:\"b\"");

        var json = JsonSerializer.Serialize(id);

        Assert.Equal(id, JsonSerializer.Deserialize<SessionId>(json));
        Assert.Equal(JsonValueKind.String, JsonDocument.Parse(json).RootElement.ValueKind);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"a b\"")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("\"\\ud800\"")]
    public void Json_NoIdentity_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SessionId>(json));

    [Theory]
    [MemberData(nameof(Valid))]
    public void TryParse_PartOfAText_TakesWhatIsAnId(string value)
    {
        Assert.True(SessionId.TryParse($"<{value}>".AsSpan(1, value.Length), null, out var id));
        Assert.Equal(new SessionId(value), id);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void TryParse_PartThatIsNoId_IsFalse(string value)
    {
        Assert.False(SessionId.TryParse($"<{value}>".AsSpan(1, value.Length), null, out var id));
        Assert.True(id.IsDefault);
    }

    [Fact]
    public void Operators_OfOneId_SayThatItIsTheSame()
    {
        var (left, right) = (new SessionId("a"), new SessionId("a"));

        Assert.Equal((false, true, false, true), (left < right, left <= right, left > right, left >= right));
        Assert.InRange(Enumerable.Range(0, 100).Select(i => new SessionId($"{i}").GetHashCode()).Distinct().Count(), 90, 100);
    }
}
