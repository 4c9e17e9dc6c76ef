using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>Makes the spans of a session's messages, with the names of the semantic conventions for MCP.</summary>
/// <seealso href="https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/mcp.md"/>
/// <param name="session">The session.</param>
/// <param name="ids">The ids of its spans.</param>
internal sealed class SessionSpans(Session session, TraceIds ids)
{
    private readonly string _sessionId = session.TransportSessionId ?? session.Id.Value;
    private DateTimeOffset? _began;
    private DateTimeOffset? _ended;
    private long _unparsed;

    /// <summary>The span of a request or notification. It ends when it began, until its answer ends it.</summary>
    public OtlpSpan Of(MessageEnvelope message)
    {
        var details = MessageDetails.Read(message);
        var method = message.Method!;
        var span = new OtlpSpan(details.Name is { } target ? $"{method} {target}" : method, ids.Of(message), message.Direction, message.Timestamp)
        {
            ParentId = ids.Root,
            Link = TraceLink.Read(details.TraceParent, details.TraceState),
        };
        span.Add("mcp.method.name", method);
        AddSession(span, message.ProtocolVersion ?? session.VersionState?.Negotiated);
        span.Add("jsonrpc.request.id", message.RequestId?.Value);
        span.Add("mcp.resource.uri", details.ResourceUri);
        if (method == "tools/call")
        {
            span.Add("gen_ai.operation.name", "execute_tool");
            span.Add("gen_ai.tool.name", details.Name);
        }
        else if (method == "prompts/get")
        {
            span.Add("gen_ai.prompt.name", details.Name);
        }

        return span;
    }

    /// <summary>Ends a span with the answer to its request.</summary>
    public static void End(OtlpSpan span, MessageEnvelope answer)
    {
        var details = MessageDetails.Read(answer);
        if (answer.Kind == MessageKind.Error)
        {
            span.Add("rpc.response.status_code", details.ErrorCode);
            span.End(answer.Timestamp, details.ErrorCode ?? "_OTHER", details.ErrorMessage);
        }
        else
        {
            span.End(answer.Timestamp, details.IsToolError ? "tool_error" : null);
        }
    }

    /// <summary>Notes that a message is part of the session.</summary>
    public void Note(MessageEnvelope message)
    {
        _began ??= message.Timestamp;
        _ended = message.Timestamp;
        _unparsed += message.Kind == MessageKind.Unparsed && !TransportText.IsEnd(message) ? 1 : 0;
    }

    /// <summary>The span of the session, of which all others are parts.</summary>
    public OtlpSpan Root()
    {
        var began = _began is { } first && first < session.CreatedAt ? first : session.CreatedAt;
        var root = new OtlpSpan("mcp session", ids.Root, MessageDirection.ClientToServer, began) { Kind = OtlpSpan.Internal };
        AddSession(root, session.VersionState?.Negotiated);
        root.Add("shadowcat.session.id", session.Id.Value);
        root.Add("shadowcat.session.status", $"{session.Status}".ToLowerInvariant());
        root.Add("shadowcat.session.close_reason", session.CloseReason);
        root.Add("shadowcat.session.tags", session.Tags.Count == 0 ? null : session.Tags.Select(tag => tag.Value).ToList());
        root.Add("shadowcat.session.unparsed_messages", _unparsed == 0 ? null : _unparsed);
        root.End(_ended > began ? _ended.Value : began, session.Status is SessionStatus.Active or SessionStatus.Completed ? null : $"{session.Status}".ToLowerInvariant(), session.CloseReason);
        return root;
    }

    private void AddSession(OtlpSpan span, string? version)
    {
        span.Add("mcp.session.id", _sessionId);
        span.Add("mcp.protocol.version", version);
        span.Add("network.transport", session.TransportType == TransportType.Stdio ? "pipe" : "tcp");
        span.Add("network.protocol.name", session.TransportType switch
        {
            TransportType.Stdio => null,
            TransportType.WebSocket => "websocket",
            _ => "http",
        });
    }
}
