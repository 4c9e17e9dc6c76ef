using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The bytes of the SDK's messages.</summary>
internal static class MessageBytes
{
    private const string UndeliveredMethod = "recording/undelivered";
    private const string CancelledMethod = "recording/cancelled";

    private static readonly JsonTypeInfo<JsonRpcMessage> TypeInfo =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>A message as the SDK's transports write it; one that they cannot write, as it came.</summary>
    public static byte[] Of(JsonRpcMessage message)
    {
        try
        {
            return MessageWriter.TryWrite(message) ?? JsonSerializer.SerializeToUtf8Bytes(message, TypeInfo);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            return OddTexts.Write(message);
        }
    }

    /// <summary>The recorder's own notification that a request was given up by who made it, without a message that says so: its id.</summary>
    public static byte[] Cancelled(JsonRpcMessage request) => Of(new JsonRpcNotification
    {
        Method = CancelledMethod,
        Params = new JsonObject { ["id"] = request is JsonRpcMessageWithId { Id.Id: { } id } ? JsonValue.Create(id.ToString()) : null },
    });

    /// <summary>The recorder's own notification that a message could not be handed on: its id or method, and why.</summary>
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

        return Of(new JsonRpcNotification { Method = UndeliveredMethod, Params = parameters });
    }
}
