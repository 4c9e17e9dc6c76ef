using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>What a store keeps of a JSON-RPC message beside its bytes, read in one bounded pass that never throws.</summary>
/// <seealso href="https://www.jsonrpc.org/specification"/>
internal readonly record struct JsonRpcHeader(MessageKind Kind, string? Method, RequestId? RequestId, string? ProtocolVersion)
{
    private const int MaxDepth = 64;
    private const int MaxTextBytes = 1024;

    /// <summary>Reads a message; anything that is not one JSON-RPC object comes back as <see cref="MessageKind.Unparsed"/>.</summary>
    public static JsonRpcHeader Read(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return Read(ref reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Broken JSON, nesting beyond the bound, or a string that is no valid UTF-8: the bytes are kept, the header is unknown.
            return default;
        }
    }

    private static JsonRpcHeader Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return default;
        }

        var members = default(Members);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader, ref members);
        }

        // Bytes after the object would make it more than one message; the reader throws on them.
        return reader.Read() ? default : members.ToHeader();
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref Members members)
    {
        if (reader.ValueTextEquals("jsonrpc"u8))
        {
            reader.Read();
            members.IsJsonRpc = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
        }
        else if (reader.ValueTextEquals("method"u8))
        {
            reader.Read();
            members.Method = Text(ref reader);
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            members.HasId = true;
            members.IsIdValid = reader.TokenType is JsonTokenType.String or JsonTokenType.Number;
            members.Id = Id(ref reader);
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            reader.Read();
            members.VersionOfParams = VersionIn(ref reader, isMeta: false);
        }
        else if (reader.ValueTextEquals("result"u8))
        {
            reader.Read();
            members.HasResult = true;
            members.VersionOfResult = VersionIn(ref reader, isMeta: false);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            members.HasError = reader.TokenType == JsonTokenType.StartObject;
        }

        // Where it stands at the name of another member, that skips the value too.
        reader.Skip();
    }

    /// <summary>Finds, the last counting where a member is there twice, <c>protocolVersion</c> (initialize) or <c>_meta["io.modelcontextprotocol/protocolVersion"]</c> (revision 2026-07-28) in params or result.</summary>
    private static string? VersionIn(ref Utf8JsonReader reader, bool isMeta)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        string? version = null;
        string? inMeta = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals(isMeta ? "io.modelcontextprotocol/protocolVersion"u8 : "protocolVersion"u8);
            var entersMeta = !isMeta && reader.ValueTextEquals("_meta"u8);
            reader.Read();
            if (isVersion)
            {
                version = ShortText(ref reader);
            }
            else if (entersMeta)
            {
                inMeta = VersionIn(ref reader, isMeta: true);
            }

            reader.Skip();
        }

        return version ?? inMeta;
    }

    private static string? ShortText(ref Utf8JsonReader reader) =>
        Text(ref reader) is { Length: <= VersionState.MaxVersionLength } text ? text : null;

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxTextBytes)
        {
            return null;
        }

        var text = KnownText.Get(reader.ValueSpan) ?? reader.GetString()!;
        return text.Length > 0 && !text.Any(char.IsControl) ? text : null;
    }

    private static RequestId? Id(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxTextBytes)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return Sessions.RequestId.FromString(reader.GetString()!);
        }

        return reader.TokenType == JsonTokenType.Number && Sessions.RequestId.TryParseNumber(reader.ValueSpan, out var id) ? id : null;
    }

    private struct Members
    {
        public bool IsJsonRpc;
        public bool HasId;
        public bool IsIdValid;
        public bool HasResult;
        public bool HasError;
        public string? Method;
        public RequestId? Id;
        public string? VersionOfParams;
        public string? VersionOfResult;

        public readonly JsonRpcHeader ToHeader()
        {
            var kind = (IsJsonRpc, Method, HasId, HasResult, HasError) switch
            {
                (false, _, _, _, _) => MessageKind.Unparsed,
                (_, not null, true, false, false) when IsIdValid => MessageKind.Request,
                (_, not null, false, false, false) => MessageKind.Notification,
                (_, null, true, true, false) when IsIdValid => MessageKind.Response,
                (_, null, _, false, true) => MessageKind.Error,
                _ => MessageKind.Unparsed,
            };
            return kind == MessageKind.Unparsed ? default : new JsonRpcHeader(kind, Method, Id, VersionOfParams ?? VersionOfResult);
        }
    }
}
