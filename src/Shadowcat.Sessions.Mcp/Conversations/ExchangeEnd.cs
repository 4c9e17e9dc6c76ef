namespace Shadowcat.Sessions.Mcp;

/// <summary>What the metadata of a frame says of an exchange that ended without a complete message.</summary>
/// <remarks>
/// Such a frame has the exchange id of the request. Its payload is what came of a message that was cut off, or empty. Where the server ended the exchange, by a
/// status without a message, the frame is the server's; else it is <see cref="MessageDirection.Internal"/>.
/// </remarks>
public static class ExchangeEnd
{
    /// <summary>The key that says how the exchange ended: one of the values below.</summary>
    public const string Key = "exchange.end";

    /// <summary>The key that says who ended it: <see cref="Client"/>, <see cref="Server"/> or <see cref="Recorder"/>.</summary>
    public const string ByKey = "exchange.ended-by";

    /// <summary>The server answered with a status and no JSON-RPC message.</summary>
    public const string Answered = "answered";

    /// <summary>The server ended its stream in good order, and the answer was not in it.</summary>
    public const string Unanswered = "unanswered";

    /// <summary>The client gave the request up: since the revision 2026-07-28 that is what closing the stream means.</summary>
    /// <seealso href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/cancellation"/>
    public const string Cancelled = "cancelled";

    /// <summary>The client closed the connection in a revision where that cancels nothing, or closed a stream that answers no request.</summary>
    public const string Closed = "closed";

    /// <summary>The connection broke within a message, or before there was one.</summary>
    public const string Broken = "broken";

    /// <summary>There was no connection to the server.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The recorder was told to stop.</summary>
    public const string Stopped = "stopped";

    /// <summary>Who asks.</summary>
    public const string Client = "client";

    /// <summary>Who answers.</summary>
    public const string Server = "server";

    /// <summary>Whoever stands between them.</summary>
    public const string Recorder = "recorder";
}
