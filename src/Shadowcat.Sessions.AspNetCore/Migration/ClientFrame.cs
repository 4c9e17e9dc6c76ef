using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The first frame of a session that migrates: what its client said it is and can do, as a notification of our own that neither peer sees.</summary>
/// <remarks>The recording's frames cannot stand for it: they come later, and may be redacted, cut off or missing.</remarks>
internal static class ClientFrame
{
    private const string Method = "migration/client";

    /// <summary>The name of the greatest size that any client needs.</summary>
    public const string Limit = "MaxClientBytes";

    private const int MaxBytes = 256 * 1024;

    private static readonly JsonTypeInfo<InitializeRequestParams> ClientType =
        (JsonTypeInfo<InitializeRequestParams>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeRequestParams));

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>Writes it. Of the request nothing else is kept: its <c>_meta</c> may hold what is not the server's to keep.</summary>
    /// <exception cref="SessionLimitExceededException">It is larger than any client needs, or than is kept of one that is not authenticated.</exception>
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
                MigratingSessions.Beginning, id, limit, $"what the client says of itself has {payload.Length} bytes; at most {max} are kept ({limit}).");
    }

    /// <summary>Reads it; null where the frame is another.</summary>
    public static InitializeRequestParams? Read(MessageEnvelope frame) =>
        frame is { Direction: MessageDirection.Internal, Method: Method }
        && JsonSerializer.Deserialize(frame.Payload.Span, MessageType) is JsonRpcNotification notification
            ? JsonSerializer.Deserialize(notification.Params, ClientType)
            : null;
}
