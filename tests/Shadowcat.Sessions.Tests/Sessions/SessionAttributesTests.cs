namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class SessionAttributesTests
{
    private static readonly SessionAttributes Two = SessionAttributes.Create([new("b", "2"), new("a", "1")]);

    [Fact]
    public void Create_InAnyOrder_IsTheSameMap()
    {
        var same = SessionAttributes.Create(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2" });

        Assert.Equal(["a", "b"], Two.Keys);
        Assert.Equal(["1", "2"], Two.Values);
        Assert.Equal([new("a", "1"), new("b", "2")], Two);
        Assert.True(Two.Equals((object)same));
        Assert.Equal(same.GetHashCode(), Two.GetHashCode());
        Assert.Equal(("1", 2), (Two["a"], Two.Count));
        Assert.True(Two.TryGetValue("b", out var value) && value == "2");
        Assert.False(Two.TryGetValue("B", out _));
        Assert.False(Two.ContainsKey("A"));
    }

    [Fact]
    public void Keys_AreInOrdinalOrderAndNotOfALanguage() =>
        Assert.Equal(["B", "a", "ä", "日"], SessionAttributes.Create([new("日", ""), new("ä", ""), new("a", ""), new("B", "")]).Keys);

    [Fact]
    public void Equals_OtherEntries_IsFalse()
    {
        Assert.False(Two.Equals(Two.With("a", "2")));
        Assert.False(Two.Equals(Two.Without("a")));
        Assert.False(Two.Equals(Two.With("c", "3")));
        Assert.False(Two.Equals(null));
        Assert.False(Two.Equals((object)"a, b"));
    }

    [Fact]
    public void With_And_Without_LeaveTheOriginal()
    {
        Assert.Equal("9", Two.With("a", "9")["a"]);
        Assert.Equal(["b"], Two.Without("a").Keys);
        Assert.Same(Two, Two.Without("c"));
        Assert.Equal(SessionAttributes.None, Two.Without("a").Without("b"));
        Assert.Equal(["1", "2"], Two.Values);
    }

    [Fact]
    public void ToString_TellsNoValues() => Assert.Equal("a, b", Two.ToString());

    [Fact]
    public void Create_None_IsNone() => Assert.Same(SessionAttributes.None, SessionAttributes.Create([]));

    [Fact]
    public void Bounds_AreKept()
    {
        var most = Enumerable.Range(0, 32).Select(i => KeyValuePair.Create($"{i}", "")).ToList();

        Assert.Equal(32, SessionAttributes.Create(most).Count);
        Assert.Equal(32, SessionAttributes.Create(most).With("0", "changed").Count);
        Assert.Contains("32", Assert.Throws<ArgumentException>(() => SessionAttributes.Create([.. most, new("one more", "")])).Message, StringComparison.Ordinal);
        Assert.Contains("32", Assert.Throws<ArgumentException>(() => SessionAttributes.Create(most).With("one more", "")).Message, StringComparison.Ordinal);
        Assert.Equal(1024, Two.With(new string('k', 64), new string('v', 1024))[new string('k', 64)].Length);
        Assert.Throws<ArgumentException>(() => Two.With(new string('k', 65), ""));
        Assert.Throws<ArgumentException>(() => Two.With("k", new string('v', 1025)));
    }

    [Fact]
    public void Texts_ThatCannotBeStored_AreRefused()
    {
        Assert.Equal("a\tb\n", Two.With("k", "a\tb\n")["k"]);
        Assert.All(["", "a\nb", "\ud800"], key => Assert.Throws<ArgumentException>(() => Two.With(key, "")));
        Assert.Throws<ArgumentException>(() => Two.With("k", "\udc00"));
        Assert.Throws<ArgumentException>(() => SessionAttributes.Create([new("k", "1"), new("k", "1")]));
        Assert.Throws<ArgumentNullException>(() => SessionAttributes.Create(null!));
        Assert.Throws<ArgumentNullException>(() => Two.With(null!, ""));
        Assert.Throws<ArgumentNullException>(() => Two.With("k", null!));
        Assert.Throws<ArgumentNullException>(() => Two.Without(null!));
    }

    [Fact]
    public void Create_EntryThatWithRefuses_IsRefused()
    {
        Assert.All(["", "a\nb", "\ud800", new string('k', 65)], key => Assert.Throws<ArgumentException>(() => SessionAttributes.Create([new(key, "")])));
        Assert.All(["\udc00", new string('v', 1025)], value => Assert.Throws<ArgumentException>(() => SessionAttributes.Create([new("k", value)])));
        Assert.Throws<ArgumentNullException>(() => SessionAttributes.Create([new(null!, "")]));
        Assert.Throws<ArgumentNullException>(() => SessionAttributes.Create([new("k", null!)]));
    }

    [Fact]
    public void GetHashCode_OfManyMaps_TellsMostApart()
    {
        Assert.InRange(Enumerable.Range(0, 100).Select(i => SessionAttributes.Create([new($"{i}", "v")]).GetHashCode()).Distinct().Count(), 90, 100);
        Assert.InRange(Enumerable.Range(0, 100).Select(i => SessionAttributes.Create([new("k", $"{i}")]).GetHashCode()).Distinct().Count(), 90, 100);
    }
}
