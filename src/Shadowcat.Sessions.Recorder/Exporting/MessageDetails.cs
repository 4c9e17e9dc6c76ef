using System.Text.Json;
using Shadowcat.Sessions.Recorder.Analysis;

namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>What a message says beyond its header, as far as an export shows it. What cannot be read is left out.</summary>
internal sealed record MessageDetails
{
    private static readonly MessageDetails Nothing = new();

    /// <summary>The name of the tool or prompt that a request is for.</summary>
    public string? Name { get; private init; }

    /// <summary>The address of the resource that a message is about.</summary>
    public string? ResourceUri { get; private init; }

    /// <summary>What a request is for: the tool, prompt or resource.</summary>
    public string? Target => Name ?? ResourceUri;

    /// <summary>The trace that a request says it belongs to.</summary>
    /// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
    public string? TraceParent { get; private init; }

    /// <summary>What vendors say of that trace.</summary>
    public string? TraceState { get; private init; }

    /// <summary>Whether a result says that its tool failed.</summary>
    public bool IsToolError { get; private init; }

    /// <summary>The code of an error, as it was written.</summary>
    public string? ErrorCode { get; private init; }

    /// <summary>The message of an error.</summary>
    public string? ErrorMessage { get; private init; }

    public static MessageDetails Read(MessageEnvelope frame)
    {
        if (frame.Kind == MessageKind.Unparsed)
        {
            return Nothing;
        }

        try
        {
            using var document = MessageDocument.Parse(frame.Payload);
            return frame.Kind switch
            {
                MessageKind.Response => new MessageDetails { IsToolError = Member(Member(document.RootElement, "result"), "isError") is { ValueKind: JsonValueKind.True } },
                MessageKind.Error => OfError(Member(document.RootElement, "error")),
                _ => OfCall(frame.Method!, Member(document.RootElement, "params")),
            };
        }
        catch (JsonException)
        {
            // It was cut off or replaced after its header was read.
            return Nothing;
        }
    }

    private static MessageDetails OfCall(string method, JsonElement? parameters)
    {
        var meta = Member(parameters, "_meta");
        return new MessageDetails
        {
            Name = method is "tools/call" or "prompts/get" ? Text(parameters, "name") : null,
            ResourceUri = method.StartsWith("resources/", StringComparison.Ordinal) || method == "notifications/resources/updated" ? Text(parameters, "uri") : null,
            TraceParent = Text(meta, "traceparent"),
            TraceState = Text(meta, "tracestate"),
        };
    }

    private static MessageDetails OfError(JsonElement? error) => new()
    {
        ErrorCode = Member(error, "code") is { ValueKind: JsonValueKind.Number } code ? code.GetRawText() : null,
        ErrorMessage = Text(error, "message"),
    };

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element, string name)
    {
        try
        {
            return Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }
}
