using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>Reads messages as peers send them: perhaps with a byte order mark.</summary>
internal static class MessageDocument
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> payload) => JsonDocument.Parse(payload.Span.StartsWith(Mark) ? payload[Mark.Length..] : payload);
}
