namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

public sealed class EventIdTests
{
    [Theory]
    [InlineData("s", 0UL, 0L)]
    [InlineData("kQ3-_Zz09", ulong.MaxValue, long.MaxValue)]
    [InlineData("with: colons, {braces} and spaces", 1UL, 42L)]
    [InlineData("Größe 漢字 🙂", 1UL, 42L)]
    public void Parse_WhatWasWritten_IsTheSame(string session, ulong stream, long sequence)
    {
        var id = new EventId(session, stream, sequence);

        Assert.True(EventId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
    }

    [Fact]
    public void Write_AnyId_IsOneLineOfUrlSafeCharacters() =>
        Assert.Matches("^1[A-Za-z0-9_-]+$", new EventId("a\r\nb\0", 1, 2).ToString());

    [Fact]
    public void Parse_TextThatIsNotWrittenSo_IsRefused()
    {
        var id = new EventId("session", 5, 6).ToString();

        Assert.All(
            [id + "=", id + " ", " " + id, id[..^1] + " " + id[^1], id[..20], '2' + id[1..], id + new string('A', 4000), new EventId("s", 5, -1).ToString(), new EventId("", 5, 6).ToString()],
            text => Assert.False(EventId.TryParse(text, out _), text));
    }

    [Fact]
    public void Parse_SessionThatIsNoText_IsRefused()
    {
        var bytes = new byte[18];
        bytes[16] = 0xC3;
        bytes[17] = 0x28;

        Assert.False(EventId.TryParse('1' + System.Buffers.Text.Base64Url.EncodeToString(bytes), out _));
    }
}
