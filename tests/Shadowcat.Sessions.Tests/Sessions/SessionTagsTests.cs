namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class SessionTagsTests
{
    [Fact]
    public void Create_SomeTwiceInAnyOrder_IsTheSameSet()
    {
        SessionTags tags = ["b", "a", "B", "b"];
        SessionTags same = ["B", "b", "a"];

        Assert.Equal(["B", "a", "b"], tags.Select(tag => tag.Value));
        Assert.Equal(3, tags.Count);
        Assert.True(tags.Equals((object)same));
        Assert.Equal(same.GetHashCode(), tags.GetHashCode());
        Assert.Equal("B, a, b", tags.ToString());
    }

    [Fact]
    public void Equals_OtherTags_IsFalse()
    {
        SessionTags tags = ["a", "b"];

        Assert.False(tags.Equals(["a"]));
        Assert.False(tags.Equals(["a", "c"]));
        Assert.False(tags.Equals(["a", "b", "c"]));
        Assert.False(tags.Equals(null));
        Assert.False(tags.Equals((object)"a, b"));
        Assert.NotEqual(SessionTags.None, tags);
    }

    [Fact]
    public void Create_None_IsNone()
    {
        Assert.Empty(SessionTags.None);
        Assert.Same(SessionTags.None, SessionTags.Create([]));
    }

    [Fact]
    public void Create_MoreThan64Different_IsRefused()
    {
        SessionTag[] most = [.. Enumerable.Range(0, 64).Select(i => new SessionTag($"{i}"))];

        Assert.Equal(64, SessionTags.Create([.. most, "0", "1"]).Count);
        var exception = Assert.Throws<ArgumentException>(() => SessionTags.Create([.. most, "one more"]));
        Assert.Contains("65", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_DefaultAmongThem_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SessionTags.Create(["a", default]));

    [Fact]
    public void Contains_ComparesOrdinally()
    {
        SessionTags tags = ["a", "b", "größe"];

        Assert.True(tags.Contains("größe"));
        Assert.False(tags.Contains("A"));
        Assert.False(tags.Contains(default));
        Assert.True(tags.ContainsAll(["a", "größe"]));
        Assert.True(tags.ContainsAll(tags));
        Assert.True(tags.ContainsAll(SessionTags.None));
        Assert.False(tags.ContainsAll(["a", "c"]));
        Assert.Throws<ArgumentNullException>(() => tags.ContainsAll(null!));
    }

    [Fact]
    public void GetHashCode_OfManySets_TellsMostApart() =>
        Assert.InRange(Enumerable.Range(0, 100).Select(i => SessionTags.Create([new SessionTag($"{i}")]).GetHashCode()).Distinct().Count(), 90, 100);
}
