namespace Shadowcat.Sessions.Tests.Frames;

public sealed class FrameMetadataTests
{
    [Fact]
    public void Create_Entries_CopiesThem()
    {
        var given = new Dictionary<string, string> { ["a"] = "1", ["A"] = "", ["größe"] = "tab\there\r\n\0" };
        var metadata = FrameMetadata.Create(given);
        given["a"] = "2";
        given["b"] = "3";

        Assert.Equal(3, metadata.Count);
        Assert.Equal("1", metadata["a"]);
        Assert.True(metadata.ContainsKey("A"));
        Assert.False(metadata.ContainsKey("b"));
        Assert.True(metadata.TryGetValue("größe", out var value));
        Assert.Equal("tab\there\r\n\0", value);
        Assert.False(metadata.TryGetValue("c", out _));
        Assert.Throws<KeyNotFoundException>(() => metadata["c"]);
        Assert.Equal(["A", "a", "größe"], metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["", "1", "tab\there\r\n\0"], metadata.Values.Order(StringComparer.Ordinal));
        Assert.Equal(3, metadata.Select(entry => entry.Key).Count());
    }

    [Fact]
    public void Create_None_IsNone()
    {
        Assert.Empty(FrameMetadata.None);
        Assert.Same(FrameMetadata.None, FrameMetadata.Create([]));
    }

    [Fact]
    public void Create_OutOfBounds_IsRefused()
    {
        Refuse(("", "v"));
        Refuse((new string('k', FrameMetadata.MaxKeyLength + 1), "v"));
        Refuse(("k\n", "v"));
        Refuse(("\ud800", "v"));
        Refuse((null!, "v"));
        Refuse(("k", null!));
        Refuse(("k", "\ud800"));
        Refuse(("k", "x\udc00y"));
        Refuse(("k", "\udc00\ud800"));
        Refuse(("k", new string('v', FrameMetadata.MaxValueLength + 1)));
        Refuse(("k", "1"), ("k", "2"));
        Refuse([.. Enumerable.Range(0, FrameMetadata.MaxCount + 1).Select(i => ($"{i}", ""))]);
        Assert.Throws<ArgumentNullException>(() => FrameMetadata.Create(null!));

        Assert.Equal(FrameMetadata.MaxCount, Of([.. Enumerable.Range(0, FrameMetadata.MaxCount).Select(i => ($"{i}", ""))]).Count);
        Assert.Equal("👩‍🚀", Of((new string('k', FrameMetadata.MaxKeyLength), "👩‍🚀")).Values.Single());
        Assert.Equal(FrameMetadata.MaxValueLength, Of(("k", new string('v', FrameMetadata.MaxValueLength)))["k"].Length);
    }

    [Fact]
    public void Equals_SameEntriesInAnyOrder_IsTrue()
    {
        var metadata = Of(("a", "1"), ("b", "2"));

        Assert.True(metadata.Equals((object)Of(("b", "2"), ("a", "1"))));
        Assert.Equal(metadata.GetHashCode(), Of(("b", "2"), ("a", "1")).GetHashCode());
        Assert.False(metadata.Equals(Of(("a", "1"))));
        Assert.False(metadata.Equals(Of(("a", "1"), ("b", "3"))));
        Assert.False(metadata.Equals(Of(("a", "1"), ("B", "2"))));
        Assert.False(metadata.Equals(null));
        Assert.False(metadata.Equals((object)"a"));
    }

    private static FrameMetadata Of(params (string Key, string Value)[] entries) =>
        FrameMetadata.Create(entries.Select(entry => new KeyValuePair<string, string>(entry.Key, entry.Value)));

    private static void Refuse(params (string Key, string Value)[] entries) => Assert.ThrowsAny<ArgumentException>(() => Of(entries));
}
