using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Notifications of the recorder itself, which neither peer sees.</summary>
internal static class RecorderMessages
{
    private const string UndeliveredMethod = "recording/undelivered";
    private const string CancelledMethod = "recording/cancelled";

    /// <summary>A request was cancelled by its sender without a message that says so. Holds its id.</summary>
    public static byte[] Cancelled(JsonRpcMessage request) => MessageBytes.Of(new JsonRpcNotification
    {
        Method = CancelledMethod,
        Params = new JsonObject { ["id"] = request is JsonRpcMessageWithId { Id.Id: { } id } ? JsonValue.Create(id.ToString()) : null },
    });

    /// <summary>A message could not be delivered. Holds its id and the kind of error.</summary>
    public static byte[] Undelivered(JsonRpcMessage message, Exception exception)
    {
        var parameters = new JsonObject
        {
            ["id"] = message is JsonRpcMessageWithId { Id.Id: { } id } ? JsonValue.Create(id.ToString()) : null,
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

        return MessageBytes.Of(new JsonRpcNotification { Method = UndeliveredMethod, Params = parameters });
    }
}
