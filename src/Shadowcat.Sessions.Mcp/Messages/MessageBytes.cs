using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Writes messages of the MCP SDK as bytes, for <see cref="SessionRecording"/> and for stores.</summary>
public static class MessageBytes
{
    private static readonly JsonTypeInfo<JsonRpcMessage> TypeInfo =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <summary>Returns a message as the SDK's transports write it, in UTF-8.</summary>
    /// <param name="message">The message. One with unpaired surrogates, which the SDK reads but does not write, is written with the escapes it came with.</param>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    /// <exception cref="InvalidOperationException">It is nested more deeply than the SDK writes, or the name of a member has an unpaired surrogate.</exception>
    /// <example><code>await recording.RecordAsync(MessageDirection.ClientToServer, MessageBytes.Of(message));</code></example>
    public static byte[] Of(JsonRpcMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return MessageWriter.TryWrite(message) ?? JsonSerializer.SerializeToUtf8Bytes(message, TypeInfo);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            return UnpairedSurrogates.Write(message);
        }
    }
}
