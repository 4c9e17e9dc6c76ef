using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shadowcat.Sessions.Redis;

/// <summary>What describes a session, in its stored form: the field <c>session</c> of <see cref="SessionHash"/>, one JSON object that a person can read with <c>redis-cli</c>.</summary>
/// <remarks>
/// <code>
/// {"transport_type":"streamable-http","status":"active","state":"active","boundary":"handshake","client_info":{…},"server_info":{…},
///  "version_state":{"requested":"…","negotiated":"…","transport_header":"…","attempts":[["requested","answered"],["refused"]]},"tags":["…"],"attributes":{"key":"value"},
///  "transport_session_id":"…","correlation_key":"…","owner":["claim type","value","issuer"],"close_reason":"…"}
/// </code>
/// <para>Names and values are those of <see cref="SessionsJsonConverter"/>; what is absent is left out, and peers stand there as they were sent.</para>
/// <para>One field, since it is read as a whole and replaced as a whole: a field for each cost a third of what the server does for a read. A reader passes over
/// members that a later version adds, but an update by it drops them: what has to outlive that is a field of its own.</para>
/// </remarks>
internal static class OwnedPart
{
    private const int UsualBytes = 1024;

    /// <summary>It goes to a server and no browser, and people read it: only what JSON needs is escaped.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The stored form of a session.</summary>
    public static byte[] Write(Session session)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualBytes);
        using var writer = new Utf8JsonWriter(buffer, Readable);
        writer.WriteStartObject();
        SessionJson.WriteDescription(writer, session);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else; or, as the next three, what stands in it is no such thing, or a member that is always written is missing.</exception>
    /// <exception cref="FormatException">As said.</exception>
    /// <exception cref="ArgumentException">As said.</exception>
    /// <exception cref="InvalidOperationException">As said.</exception>
    public static SessionMembers Read(ReadOnlySpan<byte> json) =>
        SessionMembers.Read(json, SessionMembers.Describing) is { TransportType: not null, Status: not null, State: not null, Boundary: not null } members
            ? members
            : throw new FormatException("A member that is always written is missing.");

    /// <summary>Whether nothing is expected of the session any more; false also for what is no stored form.</summary>
    public static bool IsClosed(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(json).State == SessionState.Closed;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
