using System.Buffers;
using System.Text;
using MessagePack;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stored bytes are untrusted: they are read, or refused with one exception, whatever they are.</summary>
public sealed class FrameFormatTests
{
    private static readonly SessionId Id = SnapshotFrames.Id;

    public static TheoryData<string> Names { get; } = new(SnapshotFrames.All.Keys.Where(name => !name.StartsWith("payload", StringComparison.Ordinal)));

    public static TheoryData<string, byte[]> Additions { get; } = new()
    {
        { "nil", [MessagePackCode.Nil] },
        { "int", [0x2A] },
        { "text", [0xA3, (byte)'n', (byte)'e', (byte)'w'] },
        { "bin", [0xC4, 2, 1, 2] },
        { "map of arrays", [0x81, 0xA1, (byte)'k', 0x92, 1, 2] },
        { "extension", [0xD5, 42, 1, 2] },
        { "100 000 nested arrays", [.. Enumerable.Repeat((byte)0x91, 100_000), 0xC0] },
        { "100 000 nested maps", [.. Enumerable.Range(0, 100_000).SelectMany(_ => (byte[])[0x81, 0x01]), 0xC0] },
    };

    [Theory]
    [MemberData(nameof(Additions))]
    public void Decode_ElementsOfALaterVersionFollow_PassesThemBy(string what, byte[] element)
    {
        var frame = SnapshotFrames.All["everything"];
        var encoded = FrameFormat.Encode(frame);
        encoded[0] = 0x9F; // 15 elements

        var decoded = FrameFormat.Decode(Id, 0, (byte[])[.. encoded, .. element, .. element]);

        Assert.True(frame.Equals(decoded), what);
    }

    [Fact]
    public void Decode_ArrayHeaderOf16Or32Bits_IsRead()
    {
        var frame = SnapshotFrames.All["request"];
        var elements = FrameFormat.Encode(frame)[1..];

        Assert.Equal(frame, FrameFormat.Decode(Id, 0, (byte[])[0xDC, 0, 13, .. elements]));
        Assert.Equal(frame, FrameFormat.Decode(Id, 0, (byte[])[0xDD, 0, 0, 0, 14, .. elements, 0xC0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Decode_OtherVersion_NamesIt(int version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(12);
        writer.Write(version);
        for (var i = 0; i < 11; i++)
        {
            writer.WriteNil();
        }

        writer.Flush();

        Assert.Equal(version, Assert.Throws<FrameFormatException>(() => FrameFormat.Decode(Id, 0, buffer.WrittenSpan)).FormatVersion);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_CutOffAnywhere_IsRefused(string name)
    {
        var encoded = FrameFormat.Encode(SnapshotFrames.All[name], SnapshotFrames.Stamp);
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.Throws<FrameFormatException>(() => FrameFormat.Decode(Id, 0, encoded.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_AnyByteChanged_IsReadOrRefusedAndTakesLittleMemory(string name)
    {
        var encoded = FrameFormat.Encode(SnapshotFrames.All[name], SnapshotFrames.Stamp);
        var refused = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < encoded.Length; at++)
        {
            var original = encoded[at];
            for (var value = 0; value < 256; value++)
            {
                encoded[at] = (byte)value;
                try
                {
                    Assert.Equal(Id, FrameFormat.Decode(Id, 0, encoded).SessionId);
                }
                catch (FrameFormatException)
                {
                    refused++;
                }
            }

            encoded[at] = original;
        }

        Assert.InRange(refused, 1, (encoded.Length * 256) - 1);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - allocated) / (encoded.Length * 256), 0, 64 * 1024);
    }

    [Fact]
    public void Decode_RandomBytes_IsRefused()
    {
        var random = new Random(20260722);
        var bytes = new byte[64];
        for (var round = 0; round < 50_000; round++)
        {
            random.NextBytes(bytes);
            (bytes[0], bytes[1]) = (0x9C, 0x01);
            Assert.Throws<FrameFormatException>(() => FrameFormat.Decode(Id, 0, bytes));
        }
    }

    [Fact]
    public void Decode_BytesBehindTheFrame_IsRefused()
    {
        Assert.Throws<FrameFormatException>(() => FrameFormat.Decode(Id, 0, (byte[])[.. FrameFormat.Encode(SnapshotFrames.All["request"]), 0xC0]));
    }

    [Fact]
    public void Decode_LengthsBeyondWhatIsThere_AreNotBelieved()
    {
        var start = FrameFormat.Encode(SnapshotFrames.All["minimal"])[..9]; // up to and with the flags' predecessor
        foreach (var header in (byte[][])[[0xDB, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0x7F, 0xFF, 0xFF, 0xFF], [0xC6, 0xFF, 0xFF, 0xFF, 0xFF], [0xDD, 0xFF, 0xFF, 0xFF, 0xFF]])
        {
            var damaged = (byte[])[.. start, .. header, .. new byte[32]];

            // The first exception of a process loads what describes it, which is no business of the frame.
            Assert.Throws<FrameFormatException>(() => FrameFormat.Decode(Id, 0, damaged));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<FrameFormatException>(() => FrameFormat.Decode(Id, 0, damaged));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
        }
    }

    [Fact]
    public void WriteAndReadHeader_OneKilobyte_AllocateNothing()
    {
        var payload = Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"x":"{{{new string('x', 960)}}}"}}""");
        var frame = new MessageEnvelope(Id, MessageDirection.ClientToServer, TransportType.StreamableHttp, payload, DateTimeOffset.UnixEpoch.AddDays(20_000))
        {
            ExchangeId = "an-exchange",
        };
        var buffer = new ArrayBufferWriter<byte>(4096);
        var encoded = FrameFormat.Encode(frame);
        var decoder = new StoredTextDecoder();
        var length = 0;

        void WriteAndRead()
        {
            buffer.ResetWrittenCount();
            FrameFormat.Write(buffer, frame, 1);
            length += new FrameReader(encoded).Borrow(Id, 0, decoder).Payload.Length;
        }

        for (var warm = 0; warm < 100; warm++)
        {
            WriteAndRead();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            WriteAndRead();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1100 * payload.Length, length);
    }

    [Fact]
    public void Encode_AnyFrame_AllocatesNothingButItsArray()
    {
        var frame = SnapshotFrames.All["request"];
        for (var warm = 0; warm < 100; warm++)
        {
            FrameFormat.Encode(frame);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var encoded = FrameFormat.Encode(frame);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, encoded.Length, encoded.Length + 32);
    }
}
