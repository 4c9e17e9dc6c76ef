using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Notifications of the recorder itself, which neither peer sees.</summary>
internal static class RecorderMessages
{
    private const string UndeliveredMethod = "recording/undelivered";
    private const string CancelledMethod = "recording/cancelled";

    /// <summary>A request was cancelled without a message for it. Holds its id.</summary>
    /// <param name="request">The request.</param>
    /// <param name="by">The value of <see cref="ExchangeEnd.ByKey"/>: who cancelled it.</param>
    /// <param name="facts">What else is known about it.</param>
    /// <param name="how">The value of <see cref="ExchangeEnd.Key"/>: how it ended.</param>
    public static RecordedMessage Cancelled(JsonRpcMessage request, string by, MessageFacts facts, string how = ExchangeEnd.Cancelled) => Of(
        CancelledMethod,
        new JsonObject { ["id"] = IdOf(request) },
        facts with { Metadata = FrameMetadata.Create([new(ExchangeEnd.Key, how), new(ExchangeEnd.ByKey, by)]) });

    /// <summary>A message could not be delivered. Holds its id and the kind of error.</summary>
    /// <param name="message">The message.</param>
    /// <param name="exception">The error.</param>
    /// <param name="facts">What else is known about it.</param>
    public static RecordedMessage Undelivered(JsonRpcMessage message, Exception exception, MessageFacts facts)
    {
        var parameters = new JsonObject
        {
            ["id"] = IdOf(message),
            ["error"] = exception.GetType().Name,
        };
        if (exception is McpProtocolException protocol)
        {
            parameters["code"] = (int)protocol.ErrorCode;
        }
        else if (exception is HttpRequestException { StatusCode: { } status })
        {
            parameters["status"] = (int)status;
        }

        return Of(UndeliveredMethod, parameters, facts);
    }

    private static RecordedMessage Of(string method, JsonObject parameters, MessageFacts facts) =>
        new(MessageDirection.Internal, MessageBytes.Of(new JsonRpcNotification { Method = method, Params = parameters }), facts);

    private static JsonValue? IdOf(JsonRpcMessage message) => message is JsonRpcMessageWithId { Id.Id: { } id } ? JsonValue.Create(id.ToString()) : null;
}
