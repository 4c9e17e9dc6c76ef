using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Writes messages with unpaired surrogates, which the SDK reads and its serializer does not write. They are escaped as they were received.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8259#section-8.2"/>
internal static class UnpairedSurrogates
{
    private const int DefaultMaxDepth = 64;

    private static readonly JsonSerializerOptions Options = McpJsonUtilities.DefaultOptions;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = Options.Encoder,
        MaxDepth = Options.MaxDepth == 0 ? DefaultMaxDepth : Options.MaxDepth,
    };

    /// <summary>Writes a message.</summary>
    /// <exception cref="InvalidOperationException">The name of a member has an unpaired surrogate, or the message is nested too deeply.</exception>
    public static byte[] Write(JsonRpcMessage message)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            switch (message)
            {
                case JsonRpcRequest request:
                    Call(writer, request.Method, request.Params);
                    break;
                case JsonRpcNotification notification:
                    Call(writer, notification.Method, notification.Params);
                    break;
                case JsonRpcResponse response:
                    writer.WritePropertyName("result"u8);
                    Node(writer, response.Result);
                    break;
                case JsonRpcError error:
                    Error(writer, error.Error);
                    break;
            }

            if (message is JsonRpcMessageWithId identified)
            {
                writer.WritePropertyName("id"u8);
                JsonSerializer.Serialize(writer, identified.Id, Options.GetTypeInfo<SdkRequestId>());
            }

            writer.WriteString("jsonrpc"u8, message.JsonRpc);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Call(Utf8JsonWriter writer, string method, JsonNode? parameters)
    {
        writer.WriteString("method"u8, method);
        if (parameters is not null)
        {
            writer.WritePropertyName("params"u8);
            Node(writer, parameters);
        }
    }

    private static void Error(Utf8JsonWriter writer, JsonRpcErrorDetail error)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        if (error.Data is { } data)
        {
            writer.WritePropertyName("data"u8);
            Node(writer, data as JsonNode ?? (data is JsonElement element ? JsonNode.Parse(element.GetRawText()) : JsonSerializer.SerializeToNode(data, Options.GetTypeInfo(data.GetType()))));
        }

        writer.WriteEndObject();
    }

    private static void Node(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Node(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray elements:
                writer.WriteStartArray();
                foreach (var element in elements)
                {
                    Node(writer, element);
                }

                writer.WriteEndArray();
                break;
            case JsonValue value when value.TryGetValue<JsonElement>(out var element):
                writer.WriteRawValue(element.GetRawText(), skipInputValidation: true);
                break;
            default:
                node.WriteTo(writer, Options);
                break;
        }
    }
}
