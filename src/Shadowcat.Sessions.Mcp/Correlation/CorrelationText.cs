using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads from messages which others they belong to.</summary>
internal static class CorrelationText
{
    private const string RelatedTask = "io.modelcontextprotocol/related-task";
    private const int TraceParentLength = 55;
    private const int TraceIdStart = 3;
    private const int TraceIdLength = 32;

    /// <summary>The trace id that the sender put into the message.</summary>
    /// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
    public static string? TraceId(JsonRpcMessage message)
    {
        if (Text(JsonText.Member(JsonText.Member(Params(message), "_meta"), "traceparent")) is not { Length: >= TraceParentLength } parent || parent[2] != '-')
        {
            return null;
        }

        var id = parent.Substring(TraceIdStart, TraceIdLength);
        return id.All(char.IsAsciiHexDigitLower) && id.Any(digit => digit != '0') ? id : null;
    }

    /// <summary>The task or the request state that a message continues; null for none.</summary>
    public static string? Continues(JsonRpcMessage message) => Params(message) is { } parameters ? Handle(parameters) : null;

    /// <summary>The task or the request state that a result hands out for later requests to name; null for none.</summary>
    public static string? HandsOut(JsonRpcMessage message) => message is JsonRpcResponse { Result: JsonObject result } ? Handle(result) : null;

    /// <summary>A task is named in the body, in the result of a call that became one, or in the metadata of what belongs to it.</summary>
    private static string? Handle(JsonObject body)
    {
        if ((Text(JsonText.Member(body, "taskId"))
            ?? Text(JsonText.Member(JsonText.Member(body, "task"), "taskId"))
            ?? Text(JsonText.Member(JsonText.Member(JsonText.Member(body, "_meta"), RelatedTask), "taskId"))) is { } task)
        {
            return $"task={task}";
        }

        return Text(JsonText.Member(body, "requestState")) is { } state ? $"state={state}" : null;
    }

    private static JsonObject? Params(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => request.Params as JsonObject,
        JsonRpcNotification notification => notification.Params as JsonObject,
        _ => null,
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
