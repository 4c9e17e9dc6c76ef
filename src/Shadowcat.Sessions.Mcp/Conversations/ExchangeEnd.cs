namespace Shadowcat.Sessions.Mcp;

/// <summary>The metadata of a frame that records how an exchange ended without a complete message.</summary>
/// <remarks>
/// Such a frame has the exchange id of the request. Its payload is the part of a message that was received, or empty. Its direction is <see cref="MessageDirection.ServerToClient"/> where the server
/// ended the exchange with a status and no message, and <see cref="MessageDirection.Internal"/> otherwise.
/// </remarks>
public static class ExchangeEnd
{
    /// <summary>The metadata key for how the exchange ended: <see cref="Answered"/>, <see cref="Unanswered"/>, <see cref="Cancelled"/>, <see cref="Closed"/>, <see cref="Broken"/>, <see cref="Unreachable"/> or <see cref="Stopped"/>.</summary>
    public const string Key = "exchange.end";

    /// <summary>The metadata key for who ended it: <see cref="Client"/>, <see cref="Server"/> or <see cref="Recorder"/>.</summary>
    public const string ByKey = "exchange.ended-by";

    /// <summary>The server answered with a status and no JSON-RPC message.</summary>
    public const string Answered = "answered";

    /// <summary>The server ended its stream properly, without an answer in it.</summary>
    public const string Unanswered = "unanswered";

    /// <summary>The client cancelled the request. Since the revision 2026-07-28, closing the stream does so.</summary>
    /// <seealso href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/cancellation"/>
    public const string Cancelled = "cancelled";

    /// <summary>The client closed the connection in a revision in which that does not cancel the request, or closed a stream that answers no request.</summary>
    public const string Closed = "closed";

    /// <summary>The connection broke within a message or before one.</summary>
    public const string Broken = "broken";

    /// <summary>The server could not be reached.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The recorder was stopped.</summary>
    public const string Stopped = "stopped";

    /// <summary>The client ended the exchange.</summary>
    public const string Client = "client";

    /// <summary>The server ended the exchange.</summary>
    public const string Server = "server";

    /// <summary>The recorder between them ended the exchange.</summary>
    public const string Recorder = "recorder";
}
