using System.Text;

namespace Shadowcat.Sessions;

/// <summary>The method names and versions nearly every message has, so that reading a frame allocates none of them.</summary>
internal static class KnownText
{
    /// <summary>By length: few have the same.</summary>
    private static readonly Entry[][] Entries = Build(
        "initialize", "ping", "notifications/initialized", "notifications/cancelled", "notifications/progress", "notifications/message",
        "notifications/roots/list_changed", "notifications/tools/list_changed", "notifications/prompts/list_changed",
        "notifications/resources/list_changed", "notifications/resources/updated", "tools/list", "tools/call", "resources/list",
        "resources/templates/list", "resources/read", "resources/subscribe", "resources/unsubscribe", "prompts/list", "prompts/get",
        "completion/complete", "logging/setLevel", "sampling/createMessage", "elicitation/create", "roots/list", "server/discover",
        "tasks/get", "tasks/result", "tasks/list", "tasks/cancel", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28");

    /// <summary>The shared string for these bytes, or null where they are not among the known ones.</summary>
    public static string? Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < Entries.Length)
        {
            foreach (var entry in Entries[utf8.Length])
            {
                if (utf8.SequenceEqual(entry.Utf8))
                {
                    return entry.Text;
                }
            }
        }

        return null;
    }

    private static Entry[][] Build(params string[] texts)
    {
        var entries = texts.ToLookup(text => text.Length, text => new Entry(Encoding.UTF8.GetBytes(text), text));
        return [.. Enumerable.Range(0, texts.Max(text => text.Length) + 1).Select(length => entries[length].ToArray())];
    }

    private readonly record struct Entry(byte[] Utf8, string Text);
}
