using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>Writes a <see cref="SessionId"/> as a JSON string, and refuses to read one that is invalid.</summary>
internal sealed class SessionIdJsonConverter : JsonConverter<SessionId>
{
    public override SessionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SessionId.TryParse(reader.GetString(), null, out var id) ? id : throw new JsonException("Not a session id.");

    public override void Write(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
