using System.Text;

namespace Shadowcat.Sessions.Tests.Frames;

/// <summary>The texts that most frames have are kept once, however many frames have them.</summary>
public sealed class KnownTextTests
{
    [Theory]
    [InlineData("ping")]
    [InlineData("tools/call")]
    [InlineData("notifications/resources/list_changed")]
    [InlineData("2025-11-25")]
    public void Get_KnownText_IsTheSameString(string text)
    {
        var known = KnownText.Get(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, known);
        Assert.Same(known, KnownText.Get(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Get_AnyOtherText_IsNone()
    {
        for (var length = 0; length < 100; length++)
        {
            Assert.Null(KnownText.Get(Encoding.UTF8.GetBytes(new string('x', length))));
        }

        Assert.Null(KnownText.Get("tools/cal"u8));
        Assert.Null(KnownText.Get("Tools/call"u8));
    }

    [Fact]
    public void Method_OfTwoMessages_IsTheSameString()
    {
        static string? Method() => Make.Frame(new SessionId("s"), """{"jsonrpc":"2.0","id":1,"method":"tools/call"}"""u8.ToArray()).Method;

        Assert.Equal("tools/call", Method());
        Assert.Same(Method(), Method());
    }
}
