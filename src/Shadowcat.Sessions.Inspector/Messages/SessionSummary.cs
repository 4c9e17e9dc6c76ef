using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes what the page shows of a session.</summary>
internal static class SessionSummary
{
    /// <summary>What a peer begins with where it was stored encrypted, and is read without the key.</summary>
    private const string Protected = "{\"shadowcat.protected";

    public static void Write(Utf8JsonWriter json, Session session)
    {
        json.WriteStartObject();
        WriteMembers(json, session);
        json.WriteEndObject();
    }

    /// <summary>The members of the object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Session session)
    {
        json.WriteString("id", session.Id.Value);
        json.WriteString("transport", Words<TransportType>.Of(session.TransportType));
        json.WriteString("boundary", Words<SessionBoundary>.Of(session.Boundary));
        json.WriteString("status", Words<SessionStatus>.Of(session.Status));
        json.WriteString("state", Words<SessionState>.Of(session.State));
        json.WriteBoolean("closed", session.IsClosed);
        WritePeer(json, "client", session.ClientInfo);
        WritePeer(json, "server", session.ServerInfo);
        WriteVersions(json, session.VersionState);
        json.WriteStartArray("tags");
        foreach (var tag in session.Tags)
        {
            json.WriteStringValue(tag.Value);
        }

        json.WriteEndArray();
        json.WriteStartObject("attributes");
        foreach (var (name, value) in session.Attributes)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        WriteOwner(json, session.Owner);
        json.WriteString("transportSessionId", session.TransportSessionId);
        json.WriteString("correlationKey", session.CorrelationKey);
        json.WriteString("closeReason", session.CloseReason);
        Time(json, "createdAt", session.CreatedAt);
        Time(json, "lastActivity", session.LastActivity);
        Time(json, "expiresAt", session.ExpiresAt);
        Seconds(json, "timeToLive", session.TimeToLive);
        Seconds(json, "maxLifetime", session.MaxLifetime);
        json.WriteNumber("frames", session.FrameCount);
        json.WriteNumber("first", session.FirstSequence);
        json.WriteString("generation", session.Generation);
        json.WriteNumber("ver", session.Version);
        json.WriteBoolean("protected", IsProtected(session.ClientInfo) || IsProtected(session.ServerInfo));
    }

    private static bool IsProtected(Peer? peer) => peer?.Json.StartsWith(Protected, StringComparison.Ordinal) == true;

    private static void WritePeer(Utf8JsonWriter json, string name, Peer? peer)
    {
        if (peer is null || IsProtected(peer))
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("name", peer.Name);
        json.WriteString("version", peer.Version);
        json.WriteString("title", peer.Title);
        json.WriteEndObject();
    }

    private static void WriteVersions(Utf8JsonWriter json, VersionState? versions)
    {
        if (versions is null)
        {
            json.WriteNull("version");
            return;
        }

        json.WriteStartObject("version");
        json.WriteString("requested", versions.Requested);
        json.WriteString("negotiated", versions.Negotiated);
        json.WriteString("transportHeader", versions.TransportHeader);
        json.WriteStartArray("attempts");
        foreach (var attempt in versions.Attempts)
        {
            json.WriteStartObject();
            json.WriteString("requested", attempt.Requested);
            json.WriteString("answered", attempt.Answered);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOwner(Utf8JsonWriter json, SessionOwner? owner)
    {
        if (owner is null)
        {
            json.WriteNull("owner");
            return;
        }

        json.WriteStartObject("owner");
        json.WriteString("claimType", owner.ClaimType);
        json.WriteString("value", owner.Value);
        json.WriteString("issuer", owner.Issuer);
        json.WriteEndObject();
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));

    private static void Seconds(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is { } value)
        {
            json.WriteNumber(name, value.TotalSeconds);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
