using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>A session as JSON; what is not known of it is left out.</summary>
internal static class SessionDocument
{
    /// <summary>A session with its frames, however many they are.</summary>
    public static async Task WriteAsync(Utf8JsonWriter writer, Session session, IAsyncEnumerable<MessageEnvelope> frames)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("session");
        Write(writer, session);
        writer.WriteStartArray("frames");
        await foreach (var frame in frames)
        {
            FrameDocument.Write(writer, frame);
            await writer.FlushAsync();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Session session)
    {
        writer.WriteStartObject();
        writer.WriteString("id", session.Id.Value);
        writer.WriteString("transport", JsonWord.Of(session.TransportType));
        writer.WriteString("boundary", JsonWord.Of(session.Boundary));
        writer.WriteString("state", JsonWord.Of(session.State));
        writer.WriteString("status", JsonWord.Of(session.Status));
        Text(writer, "closeReason", session.CloseReason);
        Json(writer, "client", session.ClientInfo?.Json);
        Json(writer, "server", session.ServerInfo?.Json);
        Text(writer, "protocolVersion", session.VersionState?.Negotiated);
        WriteAttempts(writer, session.VersionState);
        Time(writer, "createdAt", session.CreatedAt);
        Time(writer, "lastActivity", session.LastActivity);
        Time(writer, "expiresAt", session.ExpiresAt);
        writer.WriteNumber("frameCount", session.FrameCount);
        writer.WriteNumber("firstSequence", session.FirstSequence);
        writer.WriteStartArray("tags");
        foreach (var tag in session.Tags)
        {
            writer.WriteStringValue(tag.Value);
        }

        writer.WriteEndArray();
        Text(writer, "transportSessionId", session.TransportSessionId);
        if (session.Owner is { } owner)
        {
            writer.WriteStartObject("owner");
            writer.WriteString("claimType", owner.ClaimType);
            writer.WriteString("value", owner.Value);
            writer.WriteString("issuer", owner.Issuer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteAttempts(Utf8JsonWriter writer, VersionState? versions)
    {
        if (versions is null)
        {
            return;
        }

        writer.WriteStartArray("versionAttempts");
        foreach (var attempt in versions.Attempts)
        {
            writer.WriteStartObject();
            writer.WriteString("requested", attempt.Requested);
            Text(writer, "answered", attempt.Answered);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Json(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null)
        {
            using var document = JsonDocument.Parse(json);
            writer.WritePropertyName(name);
            document.RootElement.WriteTo(writer);
        }
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset time) => writer.WriteString(name, time.UtcDateTime);
}
