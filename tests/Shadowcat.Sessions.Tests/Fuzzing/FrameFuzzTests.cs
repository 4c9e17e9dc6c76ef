using System.Buffers;
using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>No bytes make the reader of frames crash, hang, or read something that it would not read again.</summary>
public sealed class FrameFuzzTests
{
    private const ulong Stamp = 0x0102030405060708;

    private static readonly SessionId Id = new("fuzz");

    [Fact]
    public void Frame_Any_ComesBackAsItWas()
    {
        Fuzz.Try(Inputs.Frames, frame =>
        {
            var encoded = FrameFormat.Encode(frame, Stamp);
            var written = new ArrayBufferWriter<byte>();
            FrameFormat.Write(written, frame, Stamp);

            Assert.Equal(frame, FrameFormat.Decode(frame.SessionId, 0, encoded));
            Assert.True(written.WrittenSpan.SequenceEqual(encoded));
        });
    }

    [Fact]
    public void Bytes_Random_AreRefusedOrReadTheSameAgain()
    {
        Fuzz.Try(Gen.Frequency((1, Inputs.Bytes), (3, Inputs.AlmostFrames)), Read);
    }

    [Fact]
    public void Frame_Mutated_IsRefusedOrReadTheSameAgain()
    {
        Fuzz.Try(Inputs.Mutated(Inputs.Frames.Select(frame => FrameFormat.Encode(frame, Stamp))), Read);
    }

    private static void Read(byte[] bytes)
    {
        MessageEnvelope frame;
        try
        {
            frame = FrameFormat.Decode(Id, 0, bytes);
        }
        catch (FrameFormatException)
        {
            return;
        }

        Assert.Equal(frame, FrameFormat.Decode(Id, 0, FrameFormat.Encode(frame, Stamp)));
        Assert.Equal(new FrameReader(bytes).Borrow(Id, 0, new StoredTextDecoder()).ToEnvelope(), frame);
    }
}
