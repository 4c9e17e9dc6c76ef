namespace Shadowcat.Sessions.Benchmarks.Rows.Codec;

internal sealed class CodecHeader : CodecRow
{
    private readonly byte[] _encoded = FrameFormat.Encode(Frame);
    private readonly StoredTextDecoder _decoder = new();

    public override string Name => "codec.header";

    public override int Place => 610;

    public override string Subject => "reading the header of a frame of 1 KB";

    public override Goal Goal => Goal.OursAtMost(200, 160);

    protected override void Repeat(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += new FrameReader(_encoded).Borrow(Frame.SessionId, 0, _decoder).Payload.Length;
        }

        GC.KeepAlive(sum); // so that the reading is not optimized away
    }
}
