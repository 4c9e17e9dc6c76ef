using System.Text;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>JSON-RPC messages of exactly 1 KB as MCP clients and servers send them, and their envelopes.</summary>
internal static class Messages
{
    public const int Bytes = 1024;

    private const int Variants = 8;

    private static readonly string[] Words =
        "the session of a proxy keeps every message in order with its direction time and transport so that any replica can go on where another one stopped".Split(' ');

    /// <summary>Calls of a tool and their results, in turn.</summary>
    public static IReadOnlyList<byte[]> Payloads { get; } = [.. Enumerable.Range(0, Variants).Select(NewPayload)];

    /// <summary>A frame as a recorder makes it.</summary>
    public static MessageEnvelope Envelope(SessionId id, int variant)
    {
        variant %= Variants;
        var direction = variant % 2 == 0 ? MessageDirection.ClientToServer : MessageDirection.ServerToClient;
        return new MessageEnvelope(id, direction, TransportType.StreamableHttp, Payloads[variant], TimeProvider.System.GetUtcNow());
    }

    public static MessageEnvelope[] Envelopes(SessionId id, int count) => [.. Enumerable.Range(0, count).Select(i => Envelope(id, i))];

    private static byte[] NewPayload(int variant)
    {
        var (head, tail) = variant % 2 == 0
            ? ($$$"""{"jsonrpc":"2.0","id":{{{1000 + variant}}},"method":"tools/call","params":{"name":"search_documents","arguments":{"query":""", "\",\"limit\":20,\"offset\":0,\"language\":\"en\"},\"_meta\":{\"progressToken\":\"p-17\"}}}")
            : ($$$"""{"jsonrpc":"2.0","id":{{{999 + variant}}},"result":{"content":[{"type":"text","text":""", "\"}],\"isError\":false,\"_meta\":{\"elapsedMs\":12}}}");
        var message = new StringBuilder(head).Append('"');
        for (var word = variant; message.Length + tail.Length < Bytes; word++)
        {
            message.Append(Words[word % Words.Length]).Append(' ');
        }

        message.Length = Bytes - tail.Length;
        return Encoding.UTF8.GetBytes(message.Append(tail).ToString());
    }
}
