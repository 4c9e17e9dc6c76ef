using System.Buffers;

namespace Shadowcat.Sessions.Benchmarks.Rows.Codec;

internal sealed class CodecWrite : CodecRow
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public override string Name => "codec.write";

    public override int Place => 600;

    public override string Subject => "writing a frame of 1 KB into a reused buffer";

    public override Goal Goal => Goal.OursAtMost(250, 185);

    protected override void Repeat(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            _buffer.ResetWrittenCount();
            FrameFormat.Write(_buffer, Frame, 1);
        }
    }
}
