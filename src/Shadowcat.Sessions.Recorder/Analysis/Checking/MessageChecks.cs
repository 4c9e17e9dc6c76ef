using System.Text;
using System.Text.Json;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks for messages that are no JSON-RPC.</summary>
/// <seealso href="https://www.jsonrpc.org/specification"/>
internal sealed class MessageChecks(Findings findings) : IConversationCheck
{
    private const string WithheldKey = "recording.withheld";
    private const int MaxDepth = 64;
    private const int MaxShown = 60;

    private string? _version;

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        _version = frame.ProtocolVersion ?? _version;
        if (frame.Kind != MessageKind.Unparsed
            || frame.Direction == MessageDirection.Internal
            || (frame.Flags & MessageFlags.Truncated) != 0
            || frame.Metadata.ContainsKey(WithheldKey)
            || frame.Metadata.ContainsKey(ExchangeEnd.Key))
        {
            return;
        }

        var (problem, severity) = ProblemOf(frame.Payload);
        findings.Add(
            CheckRules.InvalidMessage, frame.Sequence, $"{Sides.SenderAtStart(frame.Direction)} sent what is no JSON-RPC message: {problem}. It begins: {Beginning(frame.Payload.Span)}", severity);
    }

    public void Complete()
    {
        // Each message speaks for itself.
    }

    private (string Problem, Severity Severity) ProblemOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Array => ("it is a batch", _version == ProtocolRevisions.WithBatches ? Severity.Note : Severity.Error),
                JsonValueKind.Object => (ProblemOf(document.RootElement), Severity.Error),
                _ => ("it is no object", Severity.Error),
            };
        }
        catch (JsonException exception)
        {
            return (payload.IsEmpty ? "it is empty" : $"it is no JSON (line {(exception.LineNumber ?? 0) + 1}, byte {exception.BytePositionInLine ?? 0})", Severity.Error);
        }
    }

    private static string ProblemOf(JsonElement message)
    {
        bool Has(string name) => message.TryGetProperty(name, out _);
        if (!message.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || !version.ValueEquals("2.0"u8))
        {
            return "it does not say \"jsonrpc\":\"2.0\"";
        }

        if (message.TryGetProperty("method", out var method))
        {
            return method.ValueKind != JsonValueKind.String ? "its method is no text"
                : Has("result") || Has("error") ? "it is a request and an answer at once"
                : "its method or its id is none";
        }

        return (Has("result"), Has("error"), Has("id")) switch
        {
            (true, true, _) => "it has a result and an error",
            (true, false, false) => "it is an answer without an id",
            (true, false, true) => "the id of the answer is neither text nor number",
            (false, true, _) => "its error is no object",
            _ => "it has neither a method nor a result nor an error",
        };
    }

    private static string Beginning(ReadOnlySpan<byte> payload) =>
        payload.IsEmpty ? "nothing" : Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, MaxShown)]) + (payload.Length > MaxShown ? "…" : "");
}
