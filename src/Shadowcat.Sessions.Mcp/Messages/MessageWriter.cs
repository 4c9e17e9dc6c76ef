using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Writes messages byte for byte as the SDK's serializer does, but faster, since a conversation waits for it.</summary>
/// <remarks>Unusual messages are left to the serializer, so that there is only one way to write them.</remarks>
#pragma warning disable CA1001 // It lives as long as its thread, and disposing of the JSON writer would do no more than flush it.
internal sealed class MessageWriter
#pragma warning restore CA1001
{
    private const int UsualBytes = 4096;
    private const int MaxKeptBytes = 64 * 1024;
    private const int DefaultMaxDepth = 64;

    private static readonly JsonSerializerOptions Options = McpJsonUtilities.DefaultOptions;

    [ThreadStatic]
    private static MessageWriter? _ofThread;

    private readonly ArrayBufferWriter<byte> _bytes = new(UsualBytes);
    private readonly Utf8JsonWriter _writer;

    private MessageWriter() => _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions
    {
        Encoder = Options.Encoder,
        MaxDepth = Options.MaxDepth == 0 ? DefaultMaxDepth : Options.MaxDepth,
        SkipValidation = true,
    });

    /// <summary>Writes a message; null for an unusual one, which is left to the serializer.</summary>
    /// <exception cref="InvalidOperationException">It is nested too deeply.</exception>
    public static byte[]? TryWrite(JsonRpcMessage message)
    {
        // Removed meanwhile: a converter of a value may write messages itself.
        var writer = _ofThread ?? new MessageWriter();
        _ofThread = null;
        var bytes = writer.TryPut(message) ? writer._bytes.WrittenSpan.ToArray() : null;
        if (writer._bytes.Capacity <= MaxKeptBytes)
        {
            writer._bytes.ResetWrittenCount();
            writer._writer.Reset();
            _ofThread = writer;
        }

        return bytes;
    }

    private bool TryPut(JsonRpcMessage message)
    {
        _writer.WriteStartObject();
        switch (message)
        {
            case JsonRpcRequest request when IsUsual(request.Id):
                Put(request.Method, request.Params);
                Put(request.Id);
                break;
            case JsonRpcNotification notification:
                Put(notification.Method, notification.Params);
                break;
            case JsonRpcResponse response when IsUsual(response.Id):
                Put("result"u8, response.Result);
                Put(response.Id);
                break;
            default:
                return false;
        }

        _writer.WriteString("jsonrpc"u8, message.JsonRpc);
        _writer.WriteEndObject();
        _writer.Flush();
        return true;
    }

    private static bool IsUsual(SdkRequestId id) => id.Id is string or long;

    private void Put(string method, JsonNode? parameters)
    {
        _writer.WriteString("method"u8, method);
        Put("params"u8, parameters);
    }

    private void Put(ReadOnlySpan<byte> name, JsonNode? node)
    {
        if (node is not null)
        {
            _writer.WritePropertyName(name);
            node.WriteTo(_writer, Options);
        }
    }

    private void Put(SdkRequestId id)
    {
        if (id.Id is long number)
        {
            _writer.WriteNumber("id"u8, number);
        }
        else
        {
            _writer.WriteString("id"u8, (string)id.Id!);
        }
    }
}
