using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shadowcat.Sessions.Mcp;

/// <summary>JSON as peers send it: with a byte order mark before it, or a member twice, of which the last counts.</summary>
internal static class JsonText
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>A text without a byte order mark at its beginning, which JSON readers refuse.</summary>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc8259#section-8.1"/>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) => text.Span.StartsWith(Mark) ? text[Mark.Length..] : text;

    /// <summary>A member of an object; null where there is none.</summary>
    public static JsonNode? Member(JsonNode? node, string name)
    {
        if (node is not JsonObject members)
        {
            return null;
        }

        try
        {
            return members[name];
        }
        catch (ArgumentException)
        {
            // A member is there twice, which JsonObject refuses.
            using var document = JsonDocument.Parse(members.ToJsonString());
            return document.RootElement.TryGetProperty(name, out var last) ? JsonNode.Parse(last.GetRawText()) : null;
        }
    }
}
