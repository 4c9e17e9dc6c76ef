using System.Text.Json;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The stored form of a session: one hash, field by field as described here. This is the only file that knows it.</summary>
/// <remarks>
/// <code>
/// field        value                                                    written by
/// format       1, the version of this form                              create
/// gen          generation: 32 hexadecimal digits                        create
/// created      when the session began, ms since 1970                    create
/// born         the server's time at creation, ms since 1970             create
/// ver          version: 1, 2, …                                         create, update
/// transport    TransportType as a number                                create, update
/// status       SessionStatus as a number                                create, update
/// state        SessionState as a number                                 create, update
/// boundary     SessionBoundary as a number                              create, update
/// ttl, max     lifetimes in ms; max is 0 for none                       create, update
/// client       ClientInfo: the peer's JSON, verbatim                    create, update; absent for none
/// server       ServerInfo: the peer's JSON, verbatim                    create, update; absent for none
/// versions     VersionState as JSON                                     create, update; absent for none
/// tags         JSON array of strings                                    create, update; absent for none
/// owner        SessionOwner as JSON                                     create, update; absent for none
/// alias        TransportSessionId                                       create, update; absent for none
/// correlation  CorrelationKey                                           create, update; absent for none
/// reason       CloseReason                                              create, update; absent for none
/// active       LastActivity, ms since 1970                              create, append, touch
/// expires      ExpiresAt, ms since 1970                                 create, append, touch, update
/// list         the name of the list of frames, see ListNames            create, and whoever renames it: append, update, delete frames
/// first        sequence of the oldest frame kept                        create, append, delete frames
/// frames       frames ever appended when the deadline moved last; the   create, append, update, delete frames
///              list, whose first is known, says how many came since
/// bytes        bytes of the frames kept below the sequence counted      create, append where there is a bound, delete frames
/// counted      see bytes                                                create, append where there is a bound, delete frames
/// ops          the newest update operations, 8 random bytes each        update
/// </code>
/// <para>A reader passes over fields it does not know, and an update leaves them. A changed meaning of a field takes a new format
/// version, and readers and scripts refuse one they do not know.</para>
/// </remarks>
internal static class SessionHash
{
    public const int Format = 1;

    /// <summary>The fields a session is read from, in the order in which <see cref="Read(string, SessionId, RedisValue[], long)"/> takes them.</summary>
    public static RedisValue[] Fields { get; } =
    [
        "format", "transport", "gen", "status", "state", "boundary", "created", "ttl", "max", "active", "expires", "frames", "first", "ver",
        "client", "server", "versions", "tags", "owner", "alias", "correlation", "reason", "list",
    ];

    /// <summary>The name of the list of frames that the <see cref="Fields"/> give; null where there is no session, or it is damaged.</summary>
    public static string? List(RedisValue[] fields) => fields[^1];

    /// <summary>The fields the application owns, name and value in turn; an absent one has an empty value.</summary>
    public static RedisValue[] Owned(Session session) =>
    [
        "transport", (int)session.TransportType,
        "status", (int)session.Status,
        "state", (int)session.State,
        "boundary", (int)session.Boundary,
        "client", session.ClientInfo?.Json ?? "",
        "server", session.ServerInfo?.Json ?? "",
        "versions", session.VersionState is { } versions ? JsonSerializer.Serialize(versions, SessionJson.Default.VersionState) : "",
        "tags", session.Tags.Count > 0 ? JsonSerializer.Serialize([.. session.Tags.Select(tag => tag.Value)], SessionJson.Default.StringArray) : "",
        "owner", session.Owner is { } owner ? JsonSerializer.Serialize(owner, SessionJson.Default.SessionOwner) : "",
        "alias", session.TransportSessionId ?? "",
        "correlation", session.CorrelationKey ?? "",
        "reason", session.CloseReason ?? "",
    ];

    public static RedisValue Generation(Session session) => session.Generation.ToString("N");

    public static RedisValue Lifetime(TimeSpan? lifetime) => (long)(lifetime?.TotalMilliseconds ?? 0);

    /// <summary>The session as it is stored, from what was written and what the script answers of the store's own part.</summary>
    /// <param name="written">What was sent.</param>
    /// <param name="options">Where lifetimes come from that were not sent.</param>
    /// <param name="own">LastActivity, ExpiresAt, CreatedAt, FrameCount, FirstSequence and Version.</param>
    public static Session Complete(Session written, SessionStoreOptions options, ReadOnlySpan<RedisValue> own) => written with
    {
        TimeToLive = written.TimeToLive ?? options.TimeToLive,
        MaxLifetime = written.MaxLifetime ?? options.MaxLifetime,
        LastActivity = Time(own[0]),
        ExpiresAt = Time(own[1]),
        CreatedAt = Time(own[2]),
        FrameCount = Number(own[3]),
        FirstSequence = Number(own[4]),
        Version = Number(own[5]),
    };

    public static SessionSerializationException Damaged(string operation, SessionId id, Exception? cause = null) =>
        new(operation, id, "the session is damaged.", Format, innerException: cause);

    /// <summary>What a script answers about a hash that is not of the format this library writes.</summary>
    public static SessionSerializationException UnknownFormat(string operation, SessionId id, RedisValue found) =>
        UnknownFormat(operation, id, !found.IsNullOrEmpty && found.TryParse(out long format) ? format : null);

    public static SessionSerializationException UnknownFormat(string operation, SessionId id, long? format) =>
        new(operation, id, "the session has a format this version of the library does not read.", format);

    /// <summary>Reads a session from its <see cref="Fields"/> and the length of its list; null where there is none of them.</summary>
    /// <exception cref="SessionSerializationException">The hash is not a session of a format this library reads.</exception>
    public static Session? Read(string operation, SessionId id, RedisValue[] fields, long frames)
    {
        if (fields[0] != Format)
        {
            return Array.TrueForAll(fields, static field => field.IsNull) ? null : throw UnknownFormat(operation, id, fields[0]);
        }

        try
        {
            return List(fields) is not null ? Read(id, fields, frames) : throw new FormatException("The name of the list of frames is missing.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or OverflowException)
        {
            throw Damaged(operation, id, exception);
        }
    }

    private static Session Read(SessionId id, ReadOnlySpan<RedisValue> fields, long frames) => new(id, (TransportType)SmallNumber(fields[1]), Guid.ParseExact(fields[2].ToString(), "N"))
    {
        Status = (SessionStatus)SmallNumber(fields[3]),
        State = (SessionState)SmallNumber(fields[4]),
        Boundary = (SessionBoundary)SmallNumber(fields[5]),
        CreatedAt = Time(fields[6]),
        TimeToLive = TimeSpan.FromMilliseconds(Number(fields[7])),
        MaxLifetime = Number(fields[8]) is var max and > 0 ? TimeSpan.FromMilliseconds(max) : null,
        LastActivity = Time(fields[9]),
        ExpiresAt = Time(fields[10]),
        FrameCount = Math.Max(Number(fields[11]), Number(fields[12]) + frames),
        FirstSequence = frames > 0 ? Number(fields[12]) : Math.Max(Number(fields[11]), Number(fields[12])),
        Version = Number(fields[13]),
        ClientInfo = fields[14].IsNull ? null : Peer.Parse(fields[14].ToString()),
        ServerInfo = fields[15].IsNull ? null : Peer.Parse(fields[15].ToString()),
        VersionState = fields[16].IsNull ? null : JsonSerializer.Deserialize(Utf8(fields[16]), SessionJson.Default.VersionState),
        Tags = fields[17].IsNull ? SessionTags.None : Tags(Utf8(fields[17])),
        Owner = fields[18].IsNull ? null : JsonSerializer.Deserialize(Utf8(fields[18]), SessionJson.Default.SessionOwner),
        TransportSessionId = fields[19],
        CorrelationKey = fields[20],
        CloseReason = fields[21],
    };

    private static SessionTags Tags(ReadOnlySpan<byte> json) =>
        SessionTags.Create([.. JsonSerializer.Deserialize(json, SessionJson.Default.StringArray)!.Select(tag => new SessionTag(tag))]);

    private static ReadOnlySpan<byte> Utf8(RedisValue value) => ((ReadOnlyMemory<byte>)value).Span;

    private static long Number(RedisValue value) =>
        !value.IsNullOrEmpty && value.TryParse(out long number) ? number : throw new FormatException("A field that holds a number holds none.");

    private static int SmallNumber(RedisValue value) => checked((int)Number(value));

    private static DateTimeOffset Time(RedisValue value) => DateTimeOffset.FromUnixTimeMilliseconds(Number(value));
}
