using System.Text;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Compares the headers of HTTP requests with the messages in them.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation"/>
internal sealed class HeaderChecks(Session session, Findings findings) : IConversationCheck
{
    /// <summary>In the metadata of a frame: the version that a header names.</summary>
    public const string VersionKey = "http.header.mcp-protocol-version";

    private const string MethodKey = "http.header.mcp-method";
    private const string NameKey = "http.header.mcp-name";
    private const string EncodedStart = "=?base64?";
    private const string EncodedEnd = "?=";

    private string? _negotiated;
    private bool _hasHeaders;

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        if (frame.Direction == MessageDirection.ServerToClient && observed is { Call.Method: "initialize", Frame.Kind: MessageKind.Response })
        {
            _negotiated = frame.ProtocolVersion ?? _negotiated;
        }

        if (frame.Direction != MessageDirection.ClientToServer || frame.Kind is not (MessageKind.Request or MessageKind.Notification))
        {
            return;
        }

        if (frame.Metadata.TryGetValue(VersionKey, out var version))
        {
            _hasHeaders = true;

            // Before initialize is answered, no header is due; what stands there may be a client's own guess.
            Compare(frame, "MCP-Protocol-Version", version, frame.Method == "initialize" ? null : frame.ProtocolVersion ?? _negotiated);
        }

        if (frame.Metadata.TryGetValue(MethodKey, out var method))
        {
            Compare(frame, "Mcp-Method", method, frame.Method);
        }

        if (frame.Metadata.TryGetValue(NameKey, out var name))
        {
            Compare(frame, "Mcp-Name", Decode(name), Subjects.Of(frame));
        }
    }

    public void Complete()
    {
        // A recorder inside of a server notes the header with the session only.
        if (!_hasHeaders && session.VersionState is { TransportHeader: { } header, Negotiated: { } negotiated } && header != negotiated)
        {
            findings.Add(CheckRules.HeaderMismatch, sequence: null, $"The header MCP-Protocol-Version says {header}, and {negotiated} was negotiated.");
        }
    }

    private void Compare(MessageEnvelope frame, string header, string said, string? meant)
    {
        if (meant is not null && said != meant)
        {
            findings.Add(CheckRules.HeaderMismatch, frame.Sequence, $"The header {header} of {frame.Method} says {said}, and the message {meant}.");
        }
    }

    /// <summary>What no header can hold is in Base64.</summary>
    private static string Decode(string value)
    {
        if (!value.StartsWith(EncodedStart, StringComparison.Ordinal) || !value.EndsWith(EncodedEnd, StringComparison.Ordinal) || value.Length < EncodedStart.Length + EncodedEnd.Length)
        {
            return value;
        }

        var encoded = value[EncodedStart.Length..^EncodedEnd.Length];
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes.AsSpan(0, length)) : value;
    }
}
