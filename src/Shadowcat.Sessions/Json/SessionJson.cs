using System.Runtime.InteropServices;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>A session in JSON.</summary>
/// <remarks>
/// <code>
/// {"session_id":"…","transport_type":"streamable-http","status":"active","state":"active","boundary":"handshake","client_info":{…},"server_info":{…},
///  "version_state":{"requested":"…","negotiated":"…","transport_header":"…","attempts":[["requested","answered"],["refused"]]},"tags":["…"],"attributes":{"key":"value"},
///  "transport_session_id":"…","correlation_key":"…","owner":["claim type","value","issuer"],"close_reason":"…",
///  "created_at":"2026-03-04T05:06:07.089Z","ttl_ms":3600000,"max_lifetime_ms":…,"first_seq":0,"frame_count":0,"last_activity":"…","expires_at":"…","version":1,"generation":"32 hex digits"}
/// </code>
/// <para>What is absent is left out. <c>client_info</c> and <c>server_info</c> are what the peer sent, character by character; where that has white space around the object, they are a
/// string of it.</para>
/// </remarks>
internal static class SessionJson
{
    public static Session Read(ref Utf8JsonReader reader)
    {
        var options = new JsonReaderOptions
        {
            AllowTrailingCommas = reader.CurrentState.Options.AllowTrailingCommas,
            CommentHandling = reader.CurrentState.Options.CommentHandling,
        };
        using var document = JsonDocument.ParseValue(ref reader);
        var members = SessionMembers.Read(JsonMarshal.GetRawUtf8Value(document.RootElement), SessionMembers.All, options);
        return new Session(
            members.Id.IsDefault ? throw new FormatException("'session_id' is missing") : members.Id,
            members.TransportType ?? throw new FormatException("'transport_type' is missing"),
            members.Generation ?? Guid.NewGuid())
        {
            Status = members.Status ?? default,
            State = members.State ?? default,
            Boundary = members.Boundary ?? default,
            ClientInfo = members.ClientInfo,
            ServerInfo = members.ServerInfo,
            VersionState = members.VersionState,
            Tags = members.Tags,
            Attributes = members.Attributes,
            TransportSessionId = members.TransportSessionId,
            CorrelationKey = members.CorrelationKey,
            Owner = members.Owner,
            CloseReason = members.CloseReason,
            CreatedAt = members.CreatedAt,
            TimeToLive = members.TimeToLive,
            MaxLifetime = members.MaxLifetime,
            FirstSequence = members.FirstSequence,
            FrameCount = members.FrameCount,
            LastActivity = members.LastActivity,
            ExpiresAt = members.ExpiresAt,
            Version = members.Version,
        };
    }

    public static void Write(Utf8JsonWriter writer, Session session)
    {
        writer.WriteStartObject();
        writer.WriteString("session_id"u8, session.Id.Value);
        WriteDescription(writer, session);
        WriteTime(writer, "created_at"u8, session.CreatedAt);
        WriteLifetime(writer, "ttl_ms"u8, session.TimeToLive);
        WriteLifetime(writer, "max_lifetime_ms"u8, session.MaxLifetime);
        writer.WriteNumber("first_seq"u8, session.FirstSequence);
        writer.WriteNumber("frame_count"u8, session.FrameCount);
        WriteTime(writer, "last_activity"u8, session.LastActivity);
        WriteTime(writer, "expires_at"u8, session.ExpiresAt);
        writer.WriteNumber("version"u8, session.Version);
        writer.WriteString("generation"u8, session.Generation.ToString("N"));
        writer.WriteEndObject();
    }

    /// <summary>Writes the members that describe a session, from its transport to the reason of its end.</summary>
    public static void WriteDescription(Utf8JsonWriter writer, Session session)
    {
        writer.WriteString("transport_type"u8, JsonNames.Transports[session.TransportType]);
        writer.WriteString("status"u8, JsonNames.Statuses[session.Status]);
        writer.WriteString("state"u8, JsonNames.States[session.State]);
        writer.WriteString("boundary"u8, JsonNames.Boundaries[session.Boundary]);
        if (session.ClientInfo is { } client)
        {
            writer.WritePropertyName("client_info"u8);
            JsonWriting.Write(writer, client);
        }

        if (session.ServerInfo is { } server)
        {
            writer.WritePropertyName("server_info"u8);
            JsonWriting.Write(writer, server);
        }

        if (session.VersionState is { } versions)
        {
            writer.WritePropertyName("version_state"u8);
            JsonWriting.Write(writer, versions);
        }

        if (session.Tags.Count > 0)
        {
            writer.WritePropertyName("tags"u8);
            JsonWriting.Write(writer, session.Tags);
        }

        if (session.Attributes.Count > 0)
        {
            writer.WritePropertyName("attributes"u8);
            JsonWriting.Write(writer, session.Attributes);
        }

        WriteText(writer, "transport_session_id"u8, session.TransportSessionId);
        WriteText(writer, "correlation_key"u8, session.CorrelationKey);
        if (session.Owner is { } owner)
        {
            writer.WritePropertyName("owner"u8);
            JsonWriting.Write(writer, owner);
        }

        WriteText(writer, "close_reason"u8, session.CloseReason);
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        if (value != default)
        {
            writer.WriteString(name, JsonTime.Text(value, JsonTime.OfSession));
        }
    }

    private static void WriteLifetime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, TimeSpan? value)
    {
        if (value is { } lifetime)
        {
            writer.WriteNumber(name, (long)lifetime.TotalMilliseconds);
        }
    }
}
