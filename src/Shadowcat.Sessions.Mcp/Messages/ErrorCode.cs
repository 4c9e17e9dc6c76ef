using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads the code of a JSON-RPC error.</summary>
/// <seealso href="https://www.jsonrpc.org/specification#error_object"/>
internal static class ErrorCode
{
    /// <summary>The code; null where there is none that can be read.</summary>
    public static int? Of(ReadOnlyMemory<byte> error)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonText.WithoutMark(error));
            return document.RootElement.GetProperty("error"u8).GetProperty("code"u8).TryGetInt32(out var code) ? code : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // A peer may send anything. It is recorded as a frame in any case.
            return null;
        }
    }
}
