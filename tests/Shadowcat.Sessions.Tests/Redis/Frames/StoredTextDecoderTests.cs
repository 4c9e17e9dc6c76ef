using System.Buffers;
using System.Text;
using MessagePack;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What frames side by side have in common is made once, and what they do not is never taken from another.</summary>
public sealed class StoredTextDecoderTests
{
    private readonly StoredTextDecoder _decoder = new();

    [Fact]
    public void ExchangeId_SameAsBefore_IsTheSameObject()
    {
        var first = _decoder.ExchangeId("one"u8);

        Assert.Equal("one", first);
        Assert.Same(first, _decoder.ExchangeId(Encoding.UTF8.GetBytes("one")));
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("one", "one more")] // what is remembered is the beginning of the new one
    [InlineData("one more", "one")] // and the other way round: the memory is longer than what counts
    public void ExchangeId_OtherThanBefore_IsMadeAnew(string before, string now)
    {
        _decoder.ExchangeId(Encoding.UTF8.GetBytes(before));

        Assert.Equal(now, _decoder.ExchangeId(Encoding.UTF8.GetBytes(now)));
        Assert.Equal(before, _decoder.ExchangeId(Encoding.UTF8.GetBytes(before)));
    }

    [Fact]
    public void ExchangeId_BufferIsUsedAgain_KeepsWhatItSaid()
    {
        var buffer = "one"u8.ToArray();
        _decoder.ExchangeId(buffer);

        "two"u8.CopyTo(buffer);

        Assert.Equal("two", _decoder.ExchangeId(buffer));
        Assert.Equal("one", _decoder.ExchangeId("one"u8));
    }

    [Fact]
    public void Metadata_SameAsBefore_IsTheSameObjectAndOtherIsNot()
    {
        var first = _decoder.Metadata(Map("key", "value"));

        Assert.Equal(FrameMetadata.Create([new("key", "value")]), first);
        Assert.Same(first, _decoder.Metadata(Map("key", "value")));
        Assert.Equal("other", _decoder.Metadata(Map("key", "other"))["key"]);
    }

    [Fact]
    public void MetadataAndExchangeId_AreRememberedApart()
    {
        var metadata = _decoder.Metadata(Map("key", "value"));
        var id = _decoder.ExchangeId(Map("key", "value"));

        Assert.NotNull(id);
        Assert.Same(metadata, _decoder.Metadata(Map("key", "value")));
        Assert.Same(id, _decoder.ExchangeId(Map("key", "value")));
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
