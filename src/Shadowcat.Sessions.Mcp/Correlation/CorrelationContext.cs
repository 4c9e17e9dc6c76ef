using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>What is known about a message when its session is decided.</summary>
public sealed record CorrelationContext
{
    /// <summary>Describes a message.</summary>
    /// <param name="message">The message, as the transport delivered it.</param>
    public CorrelationContext(JsonRpcMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Message = message;
    }

    /// <summary>The message, as the transport delivered it.</summary>
    public JsonRpcMessage Message { get; }

    /// <summary>What the transport calls the session, such as <c>Mcp-Session-Id</c>; null where it has none.</summary>
    public string? TransportSessionId { get; init; }

    /// <summary>The name of the server that received the message; empty where it has none.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Who sent the message, where the transport authenticated somebody.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>What program sent the message, where it says so.</summary>
    public Implementation? Client { get; init; }

    /// <summary>The 32 hexadecimal digits of the trace that the client says the message belongs to, in <c>_meta.traceparent</c>.</summary>
    /// <remarks>Not that of the HTTP header: proxies begin a trace for every request that comes without one.</remarks>
    /// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
    public string? TraceId { get; init; }

    /// <summary>The session that handed out the task or the request state which the message names, at whichever replica; null where it names none.</summary>
    public SessionCorrelation? Continued { get; init; }

    /// <summary>The services of the message, where there are any.</summary>
    public IServiceProvider? Services { get; init; }
}
