namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>What a request asks for by name: the same method of another tool is another thing.</summary>
internal static class Subjects
{
    /// <summary>The name of the tool or prompt, or the address of the resource; null where the method has none, or it cannot be read.</summary>
    public static string? Of(MessageEnvelope request) => request.Method switch
    {
        "tools/call" or "prompts/get" => MessageFields.Text(request.Payload.Span, "params"u8, "name"u8),
        "resources/read" or "resources/subscribe" or "resources/unsubscribe" => MessageFields.Text(request.Payload.Span, "params"u8, "uri"u8),
        _ => null,
    };
}
