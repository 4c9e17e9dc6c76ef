using System.Text;

namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class PeerTests
{
    [Fact]
    public void Parse_WhateverAPeerSends_KeepsItVerbatim()
    {
        const string Json = """{ "version":"1.0",   "title":"T\u0069tle", "icons":[{"src":"x"}], "name":"n", "n":1.0e0 }""";

        var peer = Peer.Parse(Json);

        Assert.Equal(Json, peer.Json);
        Assert.Equal(("n", "1.0", "Title"), (peer.Name, peer.Version, peer.Title));
    }

    [Theory]
    [InlineData("{}", "", "", null)]
    [InlineData("""{"name":null,"version":1,"title":{}}""", "", "", null)]
    [InlineData("""{"Name":"n","VERSION":"v"}""", "", "", null)]
    [InlineData("""{"name":"a","name":"b","version":"","title":""}""", "b", "", "")]
    [InlineData("""{"n\u0061me":"größe 👩‍🚀"}""", "größe 👩‍🚀", "", null)]
    public void Parse_MembersMissingOddOrTwice_TakesWhatItCan(string json, string name, string version, string? title)
    {
        var peer = Peer.Parse(json);

        Assert.Equal((name, version, title), (peer.Name, peer.Version, peer.Title));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"peer\"")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("""{"name":"a"} x""")]
    [InlineData("""{"name":"a",}""")]
    [InlineData("""{"name":"a"} // comment""")]
    [InlineData("{'name':'a'}")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"version":"\udc00x"}""")]
    public void Parse_NoJsonObject_IsRefused(string json) =>
        Assert.Equal("json", Assert.Throws<ArgumentException>(() => Peer.Parse(json)).ParamName);

    [Fact]
    public void Parse_JsonThatIsNoObject_SaysWhatItIs() =>
        Assert.Contains("is an object; this is Array", Assert.Throws<ArgumentException>(() => Peer.Parse("[]")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_UnpairedSurrogate_IsRefused() =>
        Assert.Equal("json", Assert.Throws<ArgumentException>(() => Peer.Parse("{\"x\":\"\ud800\"}")).ParamName);

    [Fact]
    public void Parse_Null_IsRefused() => Assert.Equal("json", Assert.Throws<ArgumentNullException>(() => Peer.Parse(null!)).ParamName);

    [Fact]
    public void Parse_TooLarge_IsRefusedByItsBytes()
    {
        // Two bytes of UTF-8 each, so that characters are not mistaken for bytes.
        var atTheBound = "{\"name\":\"" + new string('ü', (Peer.MaxJsonBytes - 12) / 2) + "\" }";
        Assert.Equal(Peer.MaxJsonBytes, Encoding.UTF8.GetByteCount(atTheBound));
        Assert.Equal(atTheBound, Peer.Parse(atTheBound).Json);

        var exception = Assert.Throws<ArgumentException>(() => Peer.Parse(atTheBound + " "));
        Assert.Contains("65536", exception.Message, StringComparison.Ordinal);
        Assert.Contains("65537", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooDeep_IsRefused()
    {
        static string Nested(int depth) => "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";

        Assert.Equal("", Peer.Parse(Nested(32)).Name);
        Assert.Throws<ArgumentException>(() => Peer.Parse(Nested(33)));
        Assert.Throws<ArgumentException>(() => Peer.Parse(Nested(30_000)));
    }

    [Fact]
    public void Create_FromParts_WritesThem()
    {
        var peer = Peer.Create("na\"me", "1.0", "Größe");

        Assert.Equal(("na\"me", "1.0", "Größe"), (peer.Name, peer.Version, peer.Title));
        Assert.Equal(peer, Peer.Parse(peer.Json));
        Assert.Null(Peer.Create("n", "v").Title);
        Assert.DoesNotContain("title", Peer.Create("n", "v").Json, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Peer.Create(null!, "v"));
        Assert.Throws<ArgumentNullException>(() => Peer.Create("n", null!));
        Assert.Throws<ArgumentException>(() => Peer.Create(new string('n', Peer.MaxJsonBytes), "v"));
    }

    [Fact]
    public void Equals_SameJson_IsTrue()
    {
        Assert.Equal(Peer.Parse("""{"name":"a"}"""), Peer.Parse("""{"name":"a"}"""));
        Assert.NotEqual(Peer.Parse("""{"name":"a"}"""), Peer.Parse("""{"name":"a" }"""));
    }
}
