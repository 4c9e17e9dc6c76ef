using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads a stored message as the SDK does, but in one pass: its parameters or result are parsed into nodes only when they are used.</summary>
/// <remarks>A message that does not begin and end as the SDK writes messages is left to the SDK, so that the result is always the same.</remarks>
internal static class StoredMessage
{
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private static readonly JsonNodeOptions NodeOptions = new() { PropertyNameCaseInsensitive = McpJsonUtilities.DefaultOptions.PropertyNameCaseInsensitive };

    /// <summary>One level less than the SDK reads, since the message itself is one.</summary>
    private static readonly JsonDocumentOptions ContentOptions = new() { MaxDepth = 63 };

    /// <summary>The characters that are one unescaped byte in a JSON string.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Except(['"', '\\']).Select(code => (byte)code)]);

    private static readonly SearchValues<byte> Digits = SearchValues.Create("-0123456789"u8);

    /// <summary>Reads a message.</summary>
    /// <exception cref="JsonException">It is not one of JSON-RPC.</exception>
    public static JsonRpcMessage? Read(ReadOnlySpan<byte> utf8) => TryRead(utf8) ?? JsonSerializer.Deserialize(utf8, MessageType);

    /// <summary>Reads <c>{"method":"…","params":{…},"id":…,"jsonrpc":"2.0"}</c>, with or without parameters and id, and <c>{"result":{…},"id":…,"jsonrpc":"2.0"}</c>.</summary>
    /// <remarks>Where the part between such a beginning and such an end is one JSON object, the whole is one too, without further members.</remarks>
    private static JsonRpcMessage? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (!TryCutEnd(ref utf8, ",\"jsonrpc\":\"2.0\"}"u8))
        {
            return null;
        }

        var id = CutId(ref utf8);
        if (TryCutStart(ref utf8, "{\"result\":"u8))
        {
            return id.Id is not null && ReadObject(utf8) is { } result ? new JsonRpcResponse { Id = id, Result = result } : null;
        }

        if (!TryCutStart(ref utf8, "{\"method\":\""u8) || CutText(ref utf8) is not { } method)
        {
            return null;
        }

        JsonObject? parameters = null;
        if (!utf8.IsEmpty && (!TryCutStart(ref utf8, ",\"params\":"u8) || (parameters = ReadObject(utf8)) is null))
        {
            return null;
        }

        return id.Id is null ? new JsonRpcNotification { Method = method, Params = parameters } : new JsonRpcRequest { Id = id, Method = method, Params = parameters };
    }

    private static JsonObject? ReadObject(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var content = JsonElement.Parse(utf8, ContentOptions);
            return content.ValueKind == JsonValueKind.Object ? JsonObject.Create(content, NodeOptions) : null;
        }
        catch (JsonException)
        {
            // Broken or too deep: the SDK throws the right exception.
            return null;
        }
    }

    /// <summary>Cuts an id off the end; returns none where there is none, or where it has escapes.</summary>
    private static SdkRequestId CutId(ref ReadOnlySpan<byte> utf8)
    {
        var isText = utf8 is [.., (byte)'"'];
        var digits = utf8.Length - 1 - utf8.LastIndexOfAnyExcept(Digits);
        var value = isText ? utf8[(utf8[..^1].LastIndexOf((byte)'"') + 1)..^1] : utf8[^digits..];
        var before = isText ? utf8[..^(value.Length + 2)] : utf8[..^digits];
        var id = isText && !value.ContainsAnyExcept(Plain) ? new SdkRequestId(Encoding.ASCII.GetString(value))
            : IsCanonical(value) && Utf8Parser.TryParse(value, out long number, out var length) && length == value.Length ? new SdkRequestId(number)
            : default;
        if (id.Id is null || !TryCutEnd(ref before, ",\"id\":"u8))
        {
            return default;
        }

        utf8 = before;
        return id;
    }

    /// <summary>A number with leading zeros is not valid JSON, and -0 has another spelling.</summary>
    private static bool IsCanonical(ReadOnlySpan<byte> digits) => digits is [(byte)'0'] or [not (byte)'0', ..] and not [(byte)'-', (byte)'0', ..];

    /// <summary>Cuts off a string and the quote behind it; returns null where it has escapes.</summary>
    private static string? CutText(ref ReadOnlySpan<byte> utf8)
    {
        var length = utf8.IndexOfAnyExcept(Plain);
        if (length < 0 || utf8[length] != (byte)'"')
        {
            return null;
        }

        var text = utf8[..length];
        utf8 = utf8[(length + 1)..];
        return Encoding.ASCII.GetString(text);
    }

    private static bool TryCutStart(ref ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> start)
    {
        var isThere = utf8.StartsWith(start);
        utf8 = isThere ? utf8[start.Length..] : utf8;
        return isThere;
    }

    private static bool TryCutEnd(ref ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> end)
    {
        var isThere = utf8.EndsWith(end);
        utf8 = isThere ? utf8[..^end.Length] : utf8;
        return isThere;
    }
}
