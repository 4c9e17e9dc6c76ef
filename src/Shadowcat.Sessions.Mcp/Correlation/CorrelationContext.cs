using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>What is known about a message when an <see cref="ISessionCorrelator"/> chooses its session.</summary>
public sealed record CorrelationContext
{
    /// <summary>Describes a message.</summary>
    /// <param name="message">The message, as the transport delivered it.</param>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    public CorrelationContext(JsonRpcMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Message = message;
    }

    /// <summary>The message, as the transport delivered it.</summary>
    public JsonRpcMessage Message { get; }

    /// <summary>The id that the transport gave the session, such as <c>Mcp-Session-Id</c>; null where it gave none.</summary>
    public string? TransportSessionId { get; init; }

    /// <summary>The name of the server that received the message; empty, the default, where it has none.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The principal that sent the message; null where the transport authenticated nobody.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>The program that sent the message; null where it does not say.</summary>
    public Implementation? Client { get; init; }

    /// <summary>The trace id in <c>_meta.traceparent</c> of the message, 32 hexadecimal digits; null where there is none.</summary>
    /// <remarks>The HTTP header does not count: proxies begin a trace for every request that has none.</remarks>
    /// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
    public string? TraceId { get; init; }

    /// <summary>The session that handed out the task or the request state that the message names, at any replica; null where it names none.</summary>
    public SessionCorrelation? Continued { get; init; }

    /// <summary>
    /// The IP address of a client that is not authenticated, or <c>loopback</c>; null where it is not known, the request came through a proxy, or
    /// <see cref="SessionRecordingOptions.UsesClientAddresses"/> is false.
    /// </summary>
    public string? ClientAddress { get; init; }

    /// <summary>
    /// A random key of the conversation that the message belongs to by the connection, the address and the agent of its client; null where the client says who it is, or where
    /// <see cref="ClientAddress"/> is null.
    /// </summary>
    public string? ConnectionKey { get; init; }

    /// <summary>The services of the request; null where there are none.</summary>
    public IServiceProvider? Services { get; init; }
}
