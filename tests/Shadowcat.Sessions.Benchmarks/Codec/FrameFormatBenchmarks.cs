using System.Buffers;
using BenchmarkDotNet.Attributes;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Codec;

/// <summary>The codec with a frame of 1 KB.</summary>
[MemoryDiagnoser]
public class FrameFormatBenchmarks
{
    private static readonly SessionId Id = SessionId.New();

    private readonly MessageEnvelope _frame = Messages.Envelope(Id, 0);
    private readonly byte[] _encoded = FrameFormat.Encode(Messages.Envelope(Id, 0));
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly StoredTextDecoder _decoder = new();

    [Benchmark(Description = "write into a reused buffer")]
    public int Write()
    {
        _buffer.ResetWrittenCount();
        FrameFormat.Write(_buffer, _frame, 1);
        return _buffer.WrittenCount;
    }

    [Benchmark(Description = "encode into an array")]
    public byte[] Encode() => FrameFormat.Encode(_frame);

    [Benchmark(Description = "read the header")]
    public int ReadHeader() => new FrameReader(_encoded).Borrow(Id, 0, _decoder).Payload.Length;

    [Benchmark(Description = "decode into an envelope")]
    public MessageEnvelope Decode() => FrameFormat.Decode(Id, 0, _encoded);
}
