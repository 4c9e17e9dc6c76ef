using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>Reads messages as peers send them: perhaps with a byte order mark.</summary>
internal static class MessageDocument
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> payload) => JsonDocument.Parse(payload[MarkLength(payload.Span)..]);

    /// <summary>The payload behind its byte order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> payload) => payload[MarkLength(payload)..];

    private static int MarkLength(ReadOnlySpan<byte> payload) => payload.StartsWith(Mark) ? Mark.Length : 0;
}
