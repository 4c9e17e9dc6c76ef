using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>What the transport said beside a message, as far as it says how an exchange went.</summary>
internal static class TransportText
{
    private const string HeaderPrefix = "http.header.";

    /// <summary>The status that the frame came with, who ended its exchange and how, and the headers that say more; empty for a usual message.</summary>
    public static string Of(MessageEnvelope frame)
    {
        var metadata = frame.Metadata;
        var status = metadata.TryGetValue(HttpMessages.StatusKey, out var code) ? $"HTTP {code}" : null;
        if (!metadata.TryGetValue(ExchangeEnd.Key, out var how))
        {
            return status ?? "";
        }

        var by = metadata.GetValueOrDefault(ExchangeEnd.ByKey, "?");
        IEnumerable<string?> parts =
        [
            how == ExchangeEnd.Answered ? null : $"{how} by the {by}",
            metadata.TryGetValue(HttpMessages.MethodKey, out var method) && method != "POST" ? method : null,
            status,
            .. metadata.Where(entry => entry.Key.StartsWith(HeaderPrefix, StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => $"{entry.Key[HeaderPrefix.Length..]}: {entry.Value}"),
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    /// <summary>Whether a frame says the end of an exchange, and no message.</summary>
    public static bool IsEnd(MessageEnvelope frame) => frame.Kind == MessageKind.Unparsed && frame.Metadata.ContainsKey(ExchangeEnd.Key);
}
