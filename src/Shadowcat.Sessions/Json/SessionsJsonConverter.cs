using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>Lets <see cref="JsonSerializer"/> write and read the types of the model: <see cref="Session"/>, <see cref="MessageEnvelope"/>, and what these hold.</summary>
/// <remarks>
/// <para>Each of these types names it, so nothing has to be registered: any options do, and so does any source-generated context. It uses no reflection.</para>
/// <para>The names are those of archives and of what stands in Redis, whatever the options say: <c>session_id</c>, <c>transport_type</c>, <c>client_info</c>. Values of enums are words
/// such as <c>"streamable-http"</c>. A payload that is JSON stands there as it is, in <c>raw</c>; other text as a string, other bytes in base64. What is written is read as the same value.</para>
/// <para>Members that it does not know are passed over. What is no value of the type is a <see cref="JsonException"/>.</para>
/// </remarks>
public sealed class SessionsJsonConverter : JsonConverterFactory
{
    private static readonly Dictionary<Type, JsonConverter> Converters = new()
    {
        [typeof(Session)] = Of(SessionJson.Read, static (writer, session, _) => SessionJson.Write(writer, session)),
        [typeof(MessageEnvelope)] = Of(FrameJson.Read, FrameJson.Write),
        [typeof(SessionId)] = Of(static (ref reader) => new SessionId(JsonValues.Text(ref reader, "a session id")), static (writer, id, _) => writer.WriteStringValue(id.Value)),
        [typeof(SessionTag)] = Of(static (ref reader) => new SessionTag(JsonValues.Text(ref reader, "a tag")), static (writer, tag, _) => writer.WriteStringValue(tag.Value)),
        [typeof(SessionTags)] = Of(JsonValues.Tags, static (writer, tags, _) => JsonWriting.Write(writer, tags)),
        [typeof(SessionAttributes)] = Of(JsonValues.Attributes, static (writer, attributes, _) => JsonWriting.Write(writer, attributes)),
        [typeof(SessionOwner)] = Of(JsonValues.Owner, static (writer, owner, _) => JsonWriting.Write(writer, owner)),
        [typeof(Peer)] = Of(ReadPeer, static (writer, peer, _) => JsonWriting.Write(writer, peer)),
        [typeof(VersionState)] = Of(JsonValues.Versions, static (writer, versions, _) => JsonWriting.Write(writer, versions)),
        [typeof(VersionAttempt)] = Of(JsonValues.Attempt, static (writer, attempt, _) => JsonWriting.Write(writer, attempt)),
        [typeof(FrameMetadata)] = Of(JsonValues.Metadata, static (writer, metadata, _) => JsonWriting.Write(writer, metadata)),
        [typeof(RequestId)] = Of(JsonValues.Id, static (writer, id, _) => JsonWriting.Write(writer, id)),
        [typeof(MessageFlags)] = Of(static (ref reader) => JsonNames.ParseFlags(JsonValues.Texts(ref reader, "flags")), static (writer, flags, _) => JsonWriting.Write(writer, flags)),
        [typeof(TransportType)] = Of(JsonNames.Transports),
        [typeof(SessionStatus)] = Of(JsonNames.Statuses),
        [typeof(SessionState)] = Of(JsonNames.States),
        [typeof(SessionBoundary)] = Of(JsonNames.Boundaries),
        [typeof(MessageDirection)] = Of(JsonNames.Directions),
        [typeof(MessageKind)] = Of(JsonNames.Kinds),
    };

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => Converters.ContainsKey(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Converters.GetValueOrDefault(typeToConvert);

    private static ModelConverter<T> Of<T>(JsonRead<T> read, Action<Utf8JsonWriter, T, JsonSerializerOptions> write) => new(read, write);

    private static ModelConverter<TEnum> Of<TEnum>(WireNames<TEnum> names)
        where TEnum : struct, Enum => new(names.Read, (writer, value, _) => writer.WriteStringValue(names[value]));

    private static Peer ReadPeer(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonValues.Peer(JsonMarshal.GetRawUtf8Value(document.RootElement));
    }
}
