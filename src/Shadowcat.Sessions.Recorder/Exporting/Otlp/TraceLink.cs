using System.Diagnostics;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>The span that a message says it belongs to.</summary>
/// <param name="TraceId">Its trace, 32 hexadecimal digits.</param>
/// <param name="SpanId">The span, 16 hexadecimal digits.</param>
/// <param name="State">What vendors say of it; null for nothing.</param>
internal sealed record TraceLink(string TraceId, string SpanId, string? State)
{
    /// <summary>Reads the two headers; null where they name none.</summary>
    /// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
    public static TraceLink? Read(string? traceParent, string? traceState) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, traceState, out var context) && context.TraceId != default && context.SpanId != default
            ? new TraceLink(context.TraceId.ToHexString(), context.SpanId.ToHexString(), traceState)
            : null;
}
