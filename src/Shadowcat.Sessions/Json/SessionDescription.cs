using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>What the application owns of a session, as one JSON object that people can read: for whoever writes a store that keeps the rest beside it.</summary>
/// <remarks>
/// The names and values are those of a session in JSON (<see cref="Session"/>): <c>transport_type</c>, <c>status</c>, <c>state</c>, <c>boundary</c>, <c>client_info</c>, <c>server_info</c>, <c>version_state</c>, <c>tags</c>,
/// <c>attributes</c>, <c>transport_session_id</c>, <c>correlation_key</c>, <c>owner</c> and <c>close_reason</c>. What is absent is left out, and peers stand there as they were sent. A reader passes over members that it does not know.
/// </remarks>
public readonly struct SessionDescription
{
    private const int UsualBytes = 1024;
    private const int MostKeptBytes = 64 * 1024;

    /// <summary>It goes to a store and no browser, and people read it: only what JSON needs is escaped.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What a thread writes with. Writing waits for nothing, so nobody else of the thread needs it meanwhile.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _kept;

    private readonly SessionMembers _members;

    private SessionDescription(in SessionMembers members) => _members = members;

    /// <summary>Whether nothing is expected of the session any more.</summary>
    public bool IsClosed => _members.State == SessionState.Closed;

    /// <summary>Writes the description of a session.</summary>
    /// <param name="session">The session.</param>
    /// <returns>The JSON, in UTF-8.</returns>
    public static byte[] Write(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (buffer, writer) = _kept ?? New();

        // It is kept again when all went well: a description that cannot be written leaves nothing behind, and a large one not its buffer.
        _kept = null;
        writer.WriteStartObject();
        SessionJson.WriteDescription(writer, session);
        writer.WriteEndObject();
        writer.Flush();
        var json = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= MostKeptBytes)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            _kept = (buffer, writer);
        }

        return json;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) New()
    {
        var buffer = new ArrayBufferWriter<byte>(UsualBytes);
        return (buffer, new Utf8JsonWriter(buffer, Readable));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The JSON, in UTF-8.</param>
    /// <param name="description">The description.</param>
    /// <param name="error">What is wrong with it; null where it is a description.</param>
    /// <returns>False where it is no description, or lacks a member that is always written.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out SessionDescription description, out Exception? error)
    {
        description = default;
        error = null;
        try
        {
            var members = SessionMembers.Read(json, SessionMembers.Describing);
            if (members is not { TransportType: not null, Status: not null, State: not null, Boundary: not null })
            {
                throw new FormatException("A member that is always written is missing.");
            }

            description = new SessionDescription(members);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            error = exception;
            return false;
        }
    }

    /// <summary>The session that this describes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="generation">Its <see cref="Session.Generation"/>.</param>
    /// <param name="stored">What the store owns of it.</param>
    /// <exception cref="ArgumentException">A value is out of bounds.</exception>
    public Session ToSession(SessionId id, Guid generation, in StoredSessionPart stored) => new(id, _members.TransportType!.Value, generation)
    {
        Status = _members.Status!.Value,
        State = _members.State!.Value,
        Boundary = _members.Boundary!.Value,
        CreatedAt = stored.CreatedAt,
        TimeToLive = stored.TimeToLive,
        MaxLifetime = stored.MaxLifetime,
        LastActivity = stored.LastActivity,
        ExpiresAt = stored.ExpiresAt,
        FrameCount = stored.FrameCount,
        FirstSequence = stored.FirstSequence,
        Version = stored.Version,
        ClientInfo = _members.ClientInfo,
        ServerInfo = _members.ServerInfo,
        VersionState = _members.VersionState,
        Tags = _members.Tags,
        Attributes = _members.Attributes,
        Owner = _members.Owner,
        TransportSessionId = _members.TransportSessionId,
        CorrelationKey = _members.CorrelationKey,
        CloseReason = _members.CloseReason,
    };
}
