using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The first frame of a session that migrates: the name, version and capabilities of its client, as a notification that neither peer receives.</summary>
/// <remarks>The frames of the recording cannot replace it: they are written later, and may be redacted, cut off or missing.</remarks>
internal static class ClientFrame
{
    private const string Method = "migration/client";

    /// <summary>The name of the limit on the size for all clients.</summary>
    public const string Limit = "MaxClientBytes";

    private const int MaxBytes = 256 * 1024;

    private static readonly JsonTypeInfo<InitializeRequestParams> ClientType =
        (JsonTypeInfo<InitializeRequestParams>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams));

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>Makes the frame. Nothing else of the request is stored, since its <c>_meta</c> may hold anything.</summary>
    /// <exception cref="SessionLimitExceededException">The frame is larger than the limit for all clients, or for those that are not authenticated.</exception>
    public static MessageEnvelope Make(SessionId id, InitializeRequestParams client, bool isAnonymous, ClientLimits limits, DateTimeOffset now)
    {
        var kept = new InitializeRequestParams
        {
            ProtocolVersion = client.ProtocolVersion,
            Capabilities = client.Capabilities,
            ClientInfo = client.ClientInfo,
        };
        var payload = MessageBytes.Of(new JsonRpcNotification { Method = Method, Params = JsonSerializer.SerializeToNode(kept, ClientType) });
        var (max, limit) = isAnonymous && limits.MaxAnonymousFirstFrameBytes < MaxBytes ? (limits.MaxAnonymousFirstFrameBytes, nameof(limits.MaxAnonymousFirstFrameBytes)) : (MaxBytes, Limit);
        return payload.Length <= max
            ? new MessageEnvelope(id, MessageDirection.Internal, TransportType.StreamableHttp, payload, now)
            : throw new SessionLimitExceededException(
                MigratingSessions.CreateOperation, id, limit, $"the name, version and capabilities of the client have {payload.Length} bytes; at most {max} are stored ({limit}).");
    }

    /// <summary>Reads the client from the frame; null where it is another frame.</summary>
    public static InitializeRequestParams? Read(MessageEnvelope frame) =>
        frame is { Direction: MessageDirection.Internal, Method: Method }
        && JsonSerializer.Deserialize(frame.Payload.Span, MessageType) is JsonRpcNotification notification
            ? JsonSerializer.Deserialize(notification.Params, ClientType)
            : null;
}
