using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Stores of a message what is named, and replaces the rest by <c>[redacted]</c>: for those who must know what is stored.</summary>
/// <remarks>
/// <para>Kept are the values that the paths lead to, with all that is below them, the members <c>jsonrpc</c>, <c>id</c> and <c>method</c>, the names of the members beside them, and <c>true</c>, <c>false</c>
/// and <c>null</c>. In a batch the paths begin at each of its messages. A payload that is no JSON, or deeper than 64 levels, is replaced as a whole. What is kept is not looked at: put a <see cref="CredentialRedactor"/> behind it where it may hold a credential.</para>
/// <para>The method, the request id and the exchange id of a frame are stored beside its payload, and are not changed.</para>
/// </remarks>
public sealed class AllowListRedactor : IFrameRedactor
{
    private const int MaxDepth = 64;

    private static readonly string[] Headers = ["$.jsonrpc", "$.id", "$.method"];

    private readonly JsonPath[] _paths;

    /// <summary>Names what is stored.</summary>
    /// <param name="paths">JSON paths whose values are kept: <c>$.params.name</c>, <c>$.params.arguments.query</c>, <c>$.result.isError</c>. They may use names, indexes, <c>*</c> and <c>..</c>.</param>
    /// <exception cref="ArgumentException">A path is null or none of this kind.</exception>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc9535"/>
    public AllowListRedactor(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. Headers.Concat(paths).Select(JsonPath.Parse)];
    }

    /// <summary>The keys of the metadata whose values are stored too.</summary>
    /// <value>None by default. Letters are compared without case.</value>
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
            // Whatever cannot be read was not named.
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
