using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the name and version of a peer: in the handshake of the older MCP revisions, and in <c>_meta</c> since 2026-07-28.</summary>
internal static class PeerNames
{
    private static ReadOnlySpan<byte> ClientKey => "io.modelcontextprotocol/clientInfo"u8;

    private static ReadOnlySpan<byte> ServerKey => "io.modelcontextprotocol/serverInfo"u8;

    /// <summary>The client that sent a request; null where it does not say.</summary>
    public static Peer? Client(ReadOnlyMemory<byte> request) => Find(request, "params"u8, "clientInfo"u8, ClientKey);

    /// <summary>The server that sent a response; null where it does not say.</summary>
    public static Peer? Server(ReadOnlyMemory<byte> response) => Find(response, "result"u8, "serverInfo"u8, ServerKey);

    private static Peer? Find(
        ReadOnlyMemory<byte> message, ReadOnlySpan<byte> part, ReadOnlySpan<byte> handshakeKey, ReadOnlySpan<byte> metaKey)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonText.WithoutMark(message));
            var body = document.RootElement.GetProperty(part);
            return body.TryGetProperty(handshakeKey, out var peer)
                || (body.TryGetProperty("_meta"u8, out var meta) && meta.TryGetProperty(metaKey, out peer))
                    ? Peer.Parse(peer.GetRawText())
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            // A peer may send anything. It is recorded as a frame in any case.
            return null;
        }
    }
}
