using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>One line of an archive, taken apart. What is wrong with it is thrown as a <see cref="FormatException"/>, <see cref="ArgumentException"/> or one of JSON's.</summary>
/// <remarks>It is read once, from its beginning to its end: of it only what is kept is copied, and what no line of ours has is passed over, however large it is.</remarks>
internal sealed class ArchivedLine
{
    private const int MaxNameLength = 32;

    private static readonly JsonReaderOptions Bounded = new() { MaxDepth = JsonPayload.MaxDepth + 1 };

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "type", "v", "session_id", "transport_type", "transport", "status", "state", "boundary", "created_at", "first_seq", "ttl_ms", "max_lifetime_ms", "client_info", "server_info", "version_state", "versions", "tags",
        "attributes", "transport_session_id", "correlation_key", "owner", "close_reason", "seq", "ts", "direction", "kind", "method", "id", "exchange_id", "protocol_version", "flags", "metadata", "raw",
        "raw_base64", "frames", "sessions").GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private VersionState? _versions;
    private SessionOwner? _owner;
    private SessionTags _tags = SessionTags.None;
    private SessionAttributes _attributes = SessionAttributes.None;
    private MessageFlags _flags;
    private FrameMetadata _metadata = FrameMetadata.None;
    private RequestId? _id;
    private ReadOnlyMemory<byte>? _raw;
    private ReadOnlyMemory<byte>? _base64;

    private ArchivedLine()
    {
    }

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

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="maxFrameBytes">The greatest payload that is taken.</param>
    public static ArchivedLine Parse(ReadOnlySequence<byte> line, int maxFrameBytes)
    {
        var parsed = new ArchivedLine();
        var reader = new Utf8JsonReader(line, Bounded);
        JsonValues.Enter(ref reader, JsonTokenType.StartObject, "the line");
        Span<char> name = stackalloc char[MaxNameLength];
        while (JsonValues.NextName(ref reader))
        {
            var length = JsonValues.LengthOf(ref reader) <= MaxNameLength ? reader.CopyString(name) : 0;
            reader.Read();
            if (Names.TryGetValue(name[..length], out var known))
            {
                parsed.Take(ref reader, line, known, maxFrameBytes);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read();
        return parsed;
    }

    /// <exception cref="FormatException">The line has a format that this version of the library does not read.</exception>
    public void RequireVersion()
    {
        if (Number("v") is var version and not (ArchiveFormat.Version or ArchiveFormat.Version1))
        {
            throw new FormatException($"the archive has format {version}; this version of the library reads {ArchiveFormat.Version1} and {ArchiveFormat.Version}");
        }
    }

    public Session ToSession() => new(SessionId, JsonNames.Transports.Parse(Text("transport_type")))
    {
        Status = JsonNames.Statuses.Parse(Text("status")),
        State = JsonNames.States.Parse(Text("state")),
        Boundary = JsonNames.Boundaries.Parse(Text("boundary")),
        CreatedAt = Time("created_at", JsonTime.OfSession),
        TimeToLive = Lifetime("ttl_ms"),
        MaxLifetime = Lifetime("max_lifetime_ms"),
        ClientInfo = OptionalPeer("client_info"),
        ServerInfo = OptionalPeer("server_info"),
        VersionState = _versions,
        Tags = _tags,
        Attributes = _attributes,
        TransportSessionId = OptionalText("transport_session_id"),
        CorrelationKey = OptionalText("correlation_key"),
        Owner = _owner,
        CloseReason = OptionalText("close_reason"),
    };

    public MessageEnvelope ToFrame()
    {
        var header = new JsonRpcHeader(JsonNames.Kinds.Parse(Text("kind")), OptionalText("method"), _id, OptionalText("protocol_version"));
        return new MessageEnvelope(
            SessionId,
            JsonNames.Directions.Parse(Text("direction")),
            JsonNames.Transports.Parse(Text("transport_type")),
            _base64 ?? _raw ?? throw new FormatException("'raw' is missing"),
            Time("ts", JsonTime.OfFrame),
            header)
        {
            Sequence = Number("seq"),
            ExchangeId = OptionalText("exchange_id"),
            Flags = _flags,
            Metadata = _metadata,
        };
    }

    /// <summary>Takes the value that the reader stands on.</summary>
    private void Take(ref Utf8JsonReader reader, ReadOnlySequence<byte> line, string name, int maxFrameBytes)
    {
        switch (name)
        {
            case "v" or "first_seq" or "ttl_ms" or "max_lifetime_ms" or "seq" or "frames" or "sessions":
                _numbers[name] = reader.GetInt64();
                break;
            case "tags":
                _tags = JsonValues.Tags(ref reader);
                break;
            case "attributes":
                _attributes = JsonValues.Attributes(ref reader);
                break;
            case "owner":
                _owner = JsonValues.Owner(ref reader);
                break;
            case "flags":
                _flags = JsonNames.ParseFlags(JsonValues.Texts(ref reader, name));
                break;
            case "client_info" or "server_info" when reader.TokenType == JsonTokenType.StartObject:
                _texts[name] = Encoding.UTF8.GetString(ArchivedText.Json(ref reader, line, name, Peer.MaxJsonBytes));
                break;
            case "version_state" or "versions":
                _versions = JsonValues.Versions(ref reader);
                break;
            case "transport":
                _texts["transport_type"] = JsonValues.Text(ref reader, name);
                break;
            case "metadata":
                _metadata = JsonValues.Metadata(ref reader);
                break;
            case "id":
                _id = JsonValues.Id(ref reader);
                break;
            case "raw_base64":
                _base64 = ArchivedText.Base64Bytes(ref reader, name, maxFrameBytes);
                break;
            case "raw":
                _raw = reader.TokenType == JsonTokenType.String
                    ? ArchivedText.Text(ref reader, name, maxFrameBytes)
                    : ArchivedText.Json(ref reader, line, name, maxFrameBytes);
                break;
            default:
                _texts[name] = JsonValues.Text(ref reader, name);
                break;
        }
    }

    private Peer? OptionalPeer(string name) => OptionalText(name) is { } json ? Peer.Parse(json) : null;

    private TimeSpan? Lifetime(string name) => _numbers.TryGetValue(name, out var value) ? TimeSpan.FromMilliseconds(value) : null;

    private DateTimeOffset Time(string name, string format) => DateTimeOffset.ParseExact(
        Text(name), format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private long Number(string name) => _numbers.TryGetValue(name, out var value) ? value : throw new FormatException($"'{name}' is missing");

    private string Text(string name) => OptionalText(name) ?? throw new FormatException($"'{name}' is missing");

    private string? OptionalText(string name) => _texts.GetValueOrDefault(name);
}
