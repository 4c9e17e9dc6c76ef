using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The first frame of a session that migrates: what its client said it is and can do, as a notification of our own that neither peer sees.</summary>
/// <remarks>The recording's frames cannot stand for it: they come later, and may be redacted, cut off or missing.</remarks>
internal static class ClientFrame
{
    private const string Method = "migration/client";
    private const int MaxBytes = 256 * 1024;

    private static readonly JsonTypeInfo<InitializeRequestParams> ClientType =
        (JsonTypeInfo<InitializeRequestParams>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams));

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>Writes it. Of the request nothing else is kept: its <c>_meta</c> may hold what is not the server's to keep.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than any client needs.</exception>
    public static MessageEnvelope Make(SessionId id, InitializeRequestParams client, DateTimeOffset now)
    {
        var kept = new InitializeRequestParams
        {
            ProtocolVersion = client.ProtocolVersion,
            Capabilities = client.Capabilities,
            ClientInfo = client.ClientInfo,
        };
        var payload = MessageBytes.Of(new JsonRpcNotification { Method = Method, Params = JsonSerializer.SerializeToNode(kept, ClientType) });
        return payload.Length <= MaxBytes
            ? new MessageEnvelope(id, MessageDirection.Internal, TransportType.StreamableHttp, payload, now)
            : throw new BadHttpRequestException($"The client's description of itself has {payload.Length} bytes; at most {MaxBytes} are taken.");
    }

    /// <summary>Reads it; null where the frame is another.</summary>
    public static InitializeRequestParams? Read(MessageEnvelope frame) =>
        frame is { Direction: MessageDirection.Internal, Method: Method }
        && JsonSerializer.Deserialize(frame.Payload.Span, MessageType) is JsonRpcNotification notification
            ? JsonSerializer.Deserialize(notification.Params, ClientType)
            : null;
}
