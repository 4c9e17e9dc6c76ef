using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Maps the progress tokens of a recording to those of the connected client.</summary>
internal sealed class ProgressTokens
{
    private const string Progress = "notifications/progress";

    private readonly ConcurrentDictionary<string, string> _tokens = new(StringComparer.Ordinal);

    /// <summary>The token in the <c>params</c> of a request, as JSON; null where there is none.</summary>
    public static string? Of(JsonNode? parameters) =>
        JsonText.Member(JsonText.Member(parameters, "_meta"), "progressToken") is JsonValue token ? token.ToJsonString() : null;

    public void Map(string recorded, string now) => _tokens[recorded] = now;

    /// <summary>Replaces the token in a notification of progress; false where the connected client has not asked for it.</summary>
    public bool TryReplace(JsonRpcNotification notification)
    {
        if (!string.Equals(notification.Method, Progress, StringComparison.Ordinal) || notification.Params is not JsonObject parameters)
        {
            return true;
        }

        if (parameters["progressToken"] is not JsonValue recorded || !_tokens.TryGetValue(recorded.ToJsonString(), out var now))
        {
            return false;
        }

        parameters["progressToken"] = JsonNode.Parse(now);
        return true;
    }
}
