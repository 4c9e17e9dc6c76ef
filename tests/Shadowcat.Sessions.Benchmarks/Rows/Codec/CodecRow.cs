using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Codec;

/// <summary>A piece of the codec. <c>-- codec</c> measures the same with BenchmarkDotNet.</summary>
internal abstract class CodecRow : OneThreadRow
{
    protected static readonly MessageEnvelope Frame = Messages.Envelope(SessionId.New(), 0);
}
