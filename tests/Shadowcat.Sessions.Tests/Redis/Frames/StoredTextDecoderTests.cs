using System.Buffers;
using System.Text;
using MessagePack;

namespace Shadowcat.Sessions.Tests.Frames;

/// <summary>What frames side by side have in common is made once, and what they do not is never taken from another.</summary>
public sealed class RepeatedTextTests
{
    private readonly RepeatedText _repeated = new();

    [Fact]
    public void ExchangeId_SameAsBefore_IsTheSameObject()
    {
        var first = _repeated.ExchangeId("one"u8);

        Assert.Equal("one", first);
        Assert.Same(first, _repeated.ExchangeId(Encoding.UTF8.GetBytes("one")));
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("one", "one more")] // what is remembered is the beginning of the new one
    [InlineData("one more", "one")] // and the other way round: the memory is longer than what counts
    [InlineData("one", "")]
    [InlineData("", "one")]
    public void ExchangeId_OtherThanBefore_IsMadeAnew(string before, string now)
    {
        _repeated.ExchangeId(Encoding.UTF8.GetBytes(before));

        Assert.Equal(now.Length == 0 ? null : now, _repeated.ExchangeId(Encoding.UTF8.GetBytes(now)));
        Assert.Equal(before.Length == 0 ? null : before, _repeated.ExchangeId(Encoding.UTF8.GetBytes(before)));
    }

    [Fact]
    public void ExchangeId_BufferIsUsedAgain_KeepsWhatItSaid()
    {
        var buffer = "one"u8.ToArray();
        _repeated.ExchangeId(buffer);

        "two"u8.CopyTo(buffer);

        Assert.Equal("two", _repeated.ExchangeId(buffer));
        Assert.Equal("one", _repeated.ExchangeId("one"u8));
    }

    [Fact]
    public void Metadata_SameAsBefore_IsTheSameObjectAndOtherIsNot()
    {
        var first = _repeated.Metadata(Map("key", "value"));

        Assert.Equal(FrameMetadata.Create([new("key", "value")]), first);
        Assert.Same(first, _repeated.Metadata(Map("key", "value")));
        Assert.Equal("other", _repeated.Metadata(Map("key", "other"))["key"]);
        Assert.Same(FrameMetadata.None, _repeated.Metadata([]));
    }

    [Fact]
    public void MetadataAndExchangeId_AreRememberedApart()
    {
        var metadata = _repeated.Metadata(Map("key", "value"));
        var id = _repeated.ExchangeId(Map("key", "value"));

        Assert.NotNull(id);
        Assert.Same(metadata, _repeated.Metadata(Map("key", "value")));
        Assert.Same(id, _repeated.ExchangeId(Map("key", "value")));
    }

    private static byte[] Map(string key, string value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(1);
        writer.Write(key);
        writer.Write(value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
