using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads a stored message as the SDK does, in one pass where that takes three: what is inside parameters and results is looked at when somebody asks.</summary>
/// <remarks>Whatever is unusual about a message is left to the SDK, so that there is no other opinion on it than the SDK's.</remarks>
internal static class StoredMessage
{
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private static readonly JsonNodeOptions NodeOptions = new() { PropertyNameCaseInsensitive = McpJsonUtilities.DefaultOptions.PropertyNameCaseInsensitive };

    /// <summary>Reads a message.</summary>
    /// <exception cref="JsonException">It is not one of JSON-RPC.</exception>
    public static JsonRpcMessage? Read(ReadOnlySpan<byte> utf8) => TryRead(utf8) ?? JsonSerializer.Deserialize(utf8, MessageType);

    private static JsonRpcMessage? TryRead(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var message = JsonElement.Parse(utf8);
            return message.ValueKind == JsonValueKind.Object ? TryRead(message) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Broken JSON, or text that is no UTF-8: what to say of it the SDK knows.
            return null;
        }
    }

    private static JsonRpcMessage? TryRead(JsonElement message)
    {
        var isJsonRpc = false;
        var hasResult = false;
        string? method = null;
        SdkRequestId id = default;
        JsonObject? content = null;
        foreach (var member in message.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            var value = member.Value;
            bool isUsual;
            if (name.SequenceEqual("jsonrpc"u8))
            {
                isUsual = !isJsonRpc && value.ValueKind == JsonValueKind.String && value.ValueEquals("2.0"u8);
                isJsonRpc = true;
            }
            else if (name.SequenceEqual("id"u8))
            {
                isUsual = id.Id is null && TryReadId(value, out id);
            }
            else if (name.SequenceEqual("method"u8))
            {
                isUsual = method is null && value.ValueKind == JsonValueKind.String;
                method = isUsual ? value.GetString() : null;
            }
            else if (name.SequenceEqual("params"u8) || name.SequenceEqual("result"u8))
            {
                hasResult = name[0] == (byte)'r';
                isUsual = content is null && value.ValueKind == JsonValueKind.Object;
                content = isUsual ? JsonObject.Create(value, NodeOptions) : null;
            }
            else
            {
                isUsual = Ascii.IsValid(name) && !name.Contains((byte)'\\') && !name.SequenceEqual("error"u8);
            }

            if (!isUsual)
            {
                return null;
            }
        }

        return (isJsonRpc, method, id.Id, hasResult) switch
        {
            (true, not null, not null, false) => new JsonRpcRequest { Id = id, Method = method, Params = content },
            (true, not null, null, false) => new JsonRpcNotification { Method = method, Params = content },
            (true, null, not null, true) => new JsonRpcResponse { Id = id, Result = content },
            _ => null,
        };
    }

    private static bool TryReadId(JsonElement value, out SdkRequestId id)
    {
        id = default;
        if (value.ValueKind == JsonValueKind.String)
        {
            id = new SdkRequestId(value.GetString()!);
        }
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            id = new SdkRequestId(number);
        }

        return id.Id is not null;
    }
}
