using System.Text;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The frames whose stored form is committed under <c>Snapshots</c>, by the name of their file. Once committed, none of them changes.</summary>
internal static class SnapshotFrames
{
    public const ulong Stamp = 0x0123456789ABCDEF;

    public static readonly SessionId Id = new("snapshot");

    public static IReadOnlyDictionary<string, MessageEnvelope> All { get; } = new Dictionary<string, MessageEnvelope>(StringComparer.Ordinal)
    {
        ["minimal"] = Frame("", DateTimeOffset.UnixEpoch),
        ["request"] = Frame("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"""),
        ["request-string-id"] = Frame("""{"jsonrpc":"2.0","id":"räquest-1","method":"own/method"}"""),
        ["response-negative-id"] = Frame("""{"jsonrpc":"2.0","id":-9223372036854775808,"result":{}}""") with { Direction = MessageDirection.ServerToClient, TransportType = TransportType.Stdio },
        ["error-literal-id"] = Frame("""{"jsonrpc":"2.0","id":1.5e3,"error":{"code":-32600}}""") with { Direction = MessageDirection.ServerToClient },
        ["notification"] = Frame("""{"jsonrpc":"2.0","method":"notifications/progress"}""") with { TransportType = TransportType.Sse },
        ["unparsed"] = Frame("not JSON") with { Direction = MessageDirection.Internal, TransportType = TransportType.WebSocket },
        ["everything"] = Frame("""{"jsonrpc":"2.0","id":1e400,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""", new DateTimeOffset(2514, 5, 30, 1, 53, 4, TimeSpan.Zero).AddTicks(9_999_999)) with
        {
            ExchangeId = "exchange/日本",
            Flags = MessageFlags.Truncated | MessageFlags.Redacted | MessageFlags.Undelivered,
            Metadata = FrameMetadata.Create([new("status", "200"), new("header:größe", "👩‍🚀\tand a tab"), new("empty", "")]),
        },
        ["payload-256-bytes"] = Frame(new string('x', 256)),
        ["payload-64-kib"] = Frame(new string('y', 64 * 1024)),
    };

    private static MessageEnvelope Frame(string payload, DateTimeOffset? at = null) => new(
        Id, MessageDirection.ClientToServer, TransportType.StreamableHttp, Encoding.UTF8.GetBytes(payload), at ?? new DateTimeOffset(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero));
}
