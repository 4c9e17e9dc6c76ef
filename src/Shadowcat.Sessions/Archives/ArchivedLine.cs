using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>One line of an archive, taken apart. What is wrong with it is thrown as a <see cref="FormatException"/>, <see cref="ArgumentException"/> or one of JSON's.</summary>
internal readonly struct ArchivedLine(JsonElement line)
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = ArchiveFormat.MaxRawDepth + 1 };

    public ArchiveEntry Entry => OptionalText("type") switch
    {
        null => ArchiveEntry.Frame,
        "meta" => ArchiveEntry.Session,
        "end" => ArchiveEntry.SessionEnd,
        "archive" => ArchiveEntry.Archive,
        "archive_end" => ArchiveEntry.ArchiveEnd,
        var type => throw new FormatException($"'{type}' is no type of line"),
    };

    public long FirstSequence => Number("first_seq");

    public long Frames => Number("frames");

    public long Sessions => Number("sessions");

    public SessionId SessionId => new(Text("session_id"));

    public static JsonDocument Parse(ReadOnlyMemory<byte> line) => JsonDocument.Parse(line, Bounded);

    /// <exception cref="FormatException">The line has a format that this version of the library does not read.</exception>
    public void RequireVersion()
    {
        if (Number("v") is var version and not ArchiveFormat.Version)
        {
            throw new FormatException($"the archive has format {version}; this version of the library reads {ArchiveFormat.Version}");
        }
    }

    public Session ToSession() => new(SessionId, ArchiveFormat.Transports.Parse(Text("transport")))
    {
        Status = ArchiveFormat.Statuses.Parse(Text("status")),
        State = ArchiveFormat.States.Parse(Text("state")),
        Boundary = ArchiveFormat.Boundaries.Parse(Text("boundary")),
        CreatedAt = Time("created_at", ArchiveFormat.SessionTime),
        TimeToLive = Lifetime("ttl_ms"),
        MaxLifetime = Lifetime("max_lifetime_ms"),
        ClientInfo = OptionalPeer("client_info"),
        ServerInfo = OptionalPeer("server_info"),
        VersionState = line.TryGetProperty("versions", out var versions) ? new ArchivedLine(versions).ToVersions() : null,
        Tags = [.. OptionalTexts("tags").Select(tag => new SessionTag(tag))],
        TransportSessionId = OptionalText("transport_session_id"),
        CorrelationKey = OptionalText("correlation_key"),
        Owner = OptionalTexts("owner") switch
        {
            [] => null,
            [var type, var value, var issuer] => new SessionOwner(type, value, issuer),
            _ => throw new FormatException("an owner has three parts"),
        },
        CloseReason = OptionalText("close_reason"),
    };

    public MessageEnvelope ToFrame()
    {
        var header = new JsonRpcHeader(ArchiveFormat.Kinds.Parse(Text("kind")), OptionalText("method"), Id(), OptionalText("protocol_version"));
        return new MessageEnvelope(
            SessionId,
            ArchiveFormat.Directions.Parse(Text("direction")),
            ArchiveFormat.Transports.Parse(Text("transport")),
            Payload(),
            Time("ts", ArchiveFormat.FrameTime),
            header)
        {
            Sequence = Number("seq"),
            ExchangeId = OptionalText("exchange_id"),
            Flags = Flags(),
            Metadata = line.TryGetProperty("metadata", out var metadata)
                ? FrameMetadata.Create(metadata.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, Text(entry.Value, entry.Name))))
                : FrameMetadata.None,
        };
    }

    private VersionState ToVersions() => new()
    {
        Requested = OptionalText("requested"),
        Negotiated = OptionalText("negotiated"),
        TransportHeader = OptionalText("transport_header"),
        Attempts =
        [
            .. line.GetProperty("attempts").EnumerateArray().Select(attempt => Texts(attempt, "attempts") switch
            {
                [var requested] => new VersionAttempt(requested),
                [var requested, var answered] => new VersionAttempt(requested, answered),
                _ => throw new FormatException("an attempt has one part or two"),
            }),
        ],
    };

    private MessageFlags Flags() => OptionalTexts("flags").Aggregate(MessageFlags.None, (flags, name) =>
        Array.IndexOf(ArchiveFormat.Flags, name) is var bit and >= 0
            ? flags | (MessageFlags)(1 << bit)
            : throw new FormatException($"'{name}' is no flag"));

    private byte[] Payload() =>
        line.TryGetProperty("raw_base64", out var base64) ? base64.GetBytesFromBase64()
        : line.GetProperty("raw") is { ValueKind: JsonValueKind.String } text ? Encoding.UTF8.GetBytes(text.GetString()!)
        : JsonMarshal.GetRawUtf8Value(line.GetProperty("raw")).ToArray();

    private RequestId? Id() => !line.TryGetProperty("id", out var id) ? null : id.ValueKind switch
    {
        JsonValueKind.String => RequestId.FromString(id.GetString()!),
        JsonValueKind.Number when JsonMarshal.GetRawUtf8Value(id) is { Length: <= RequestId.MaxLength } literal => RequestId.FromLiteral(literal),
        _ => throw new FormatException("an id is a string or a number"),
    };

    private Peer? OptionalPeer(string name) => !line.TryGetProperty(name, out var peer) ? null
        : Peer.Parse(peer.ValueKind == JsonValueKind.String ? peer.GetString()! : peer.GetRawText());

    private TimeSpan? Lifetime(string name) => line.TryGetProperty(name, out var value) ? TimeSpan.FromMilliseconds(value.GetInt64()) : null;

    private DateTimeOffset Time(string name, string format) => DateTimeOffset.ParseExact(
        Text(name), format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private long Number(string name) => line.GetProperty(name).GetInt64();

    private string Text(string name) => OptionalText(name) ?? throw new FormatException($"'{name}' is missing");

    private string? OptionalText(string name) => line.TryGetProperty(name, out var value) ? Text(value, name) : null;

    private static string Text(JsonElement value, string name) => value.GetString() ?? throw new FormatException($"'{name}' is null");

    private List<string> OptionalTexts(string name) => line.TryGetProperty(name, out var values) ? Texts(values, name) : [];

    private static List<string> Texts(JsonElement values, string name) => [.. values.EnumerateArray().Select(value => Text(value, name))];
}
