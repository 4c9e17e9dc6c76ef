using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Keeps only the named parts of a message, and replaces the rest with <c>[redacted]</c>. Use it where you must know what is stored.</summary>
/// <remarks>
/// <para>It keeps the values at the paths with everything below them, the members <c>jsonrpc</c>, <c>id</c> and <c>method</c>, the member names of the objects on the way to them, and <c>true</c>, <c>false</c> and <c>null</c>. In a batch,
/// the paths begin at each message. A payload that is not JSON, or has more than 64 levels, is replaced as a whole. What is kept is not searched for credentials: add a <see cref="CredentialRedactor"/>
/// behind it where it may hold some.</para>
/// <para>The method, the request id and the exchange id of a frame are stored besides its payload, and are not changed.</para>
/// </remarks>
/// <example><code>options.Redactors = [new AllowListRedactor("$.params.name", "$.result.isError"), new CredentialRedactor()];</code></example>
public sealed class AllowListRedactor : IFrameRedactor
{
    private const int MaxDepth = 64;

    private static readonly string[] Headers = ["$.jsonrpc", "$.id", "$.method"];

    private readonly JsonPath[] _paths;

    /// <summary>Creates a redactor that keeps the values at some paths.</summary>
    /// <param name="paths">JSON paths whose values are kept: <c>$.params.name</c>, <c>$.params.arguments.query</c>, <c>$.result.isError</c>. They may use names, indexes, <c>*</c> and <c>..</c>.</param>
    /// <exception cref="ArgumentException">A path is null or not supported.</exception>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc9535"/>
    public AllowListRedactor(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. Headers.Concat(paths).Select(JsonPath.Parse)];
    }

    /// <summary>The metadata keys whose values are kept.</summary>
    /// <value>None by default; not null. Compared without regard to case.</value>
    public IReadOnlyCollection<string> MetadataKeys { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <inheritdoc/>
    public MessageEnvelope Redact(MessageEnvelope frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var metadata = Redact(frame.Metadata);
        var payload = Redact(frame.Payload.Span);
        return ReferenceEquals(metadata, frame.Metadata) && payload is null
            ? frame
            : frame with { Metadata = metadata, Payload = payload ?? frame.Payload, Flags = frame.Flags | MessageFlags.Redacted };
    }

    private FrameMetadata Redact(FrameMetadata metadata) => metadata.Keys.All(key => MetadataKeys.Contains(key, StringComparer.OrdinalIgnoreCase))
        ? metadata
        : FrameMetadata.Create(metadata.Select(entry => MetadataKeys.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)
            ? entry
            : KeyValuePair.Create(entry.Key, CredentialRedactor.Replacement)));

    private byte[]? Redact(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
        var edits = new JsonEdits();
        try
        {
            reader.Read();
            ReadMessages(ref reader, edits);
            return !reader.Read() ? edits.Apply(payload) : CredentialRedactor.ReplacementPayload();
        }
        catch (JsonException)
        {
            // What cannot be parsed is not at any path.
            return CredentialRedactor.ReplacementPayload();
        }
    }

    private void ReadMessages(ref Utf8JsonReader reader, JsonEdits edits)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Read(ref reader, JsonPathPositions.At(_paths), edits);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Read(ref reader, JsonPathPositions.At(_paths), edits);
        }
    }

    private static void Read(ref Utf8JsonReader reader, JsonPathPositions positions, JsonEdits edits)
    {
        var start = reader.TokenStartIndex;
        if (positions.IsEnd)
        {
            reader.Skip();
        }
        else if (reader.TokenType == JsonTokenType.StartObject && !positions.IsEmpty)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var next = positions.At(JsonTexts.Read(reader.ValueSpan));
                reader.Read();
                Read(ref reader, next, edits);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray && !positions.IsEmpty)
        {
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                Read(ref reader, positions.At(index), edits);
            }
        }
        else if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
        {
            reader.Skip();
            edits.Replace(start, reader.BytesConsumed, JsonStrings.Replacement);
        }
    }
}
