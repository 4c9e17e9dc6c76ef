using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>What of a frame is stored as JSON: the id of a request, since <c>1</c> is another one than <c>"1"</c>, and the metadata.</summary>
[JsonSerializable(typeof(FrameMetadata), TypeInfoPropertyName = "OfMetadata")]
[JsonSerializable(typeof(RequestId), TypeInfoPropertyName = "OfRequestId")]
internal sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>It goes into a file, and people read it: only what JSON needs is escaped.</summary>
    private static readonly StoredJson Readable = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>An id; nothing where there is none.</summary>
    public static ReadOnlySpan<byte> Write(RequestId? id) => id is { } some ? JsonSerializer.SerializeToUtf8Bytes(some, Readable.OfRequestId) : [];

    /// <summary>Metadata; nothing where there are none.</summary>
    public static ReadOnlySpan<byte> Write(FrameMetadata metadata) => metadata.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(metadata, Readable.OfMetadata);

    public static RequestId ReadRequestId(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Readable.OfRequestId);

    public static FrameMetadata ReadMetadata(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Readable.OfMetadata) ?? FrameMetadata.None;
}
