using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
/// followed     until when somebody follows the session, as far as is    follow; absent while nobody did
///              known: ms since 1970; see Followers
/// </code>
/// <para>A reader passes over fields it does not know, and an update leaves them. A changed meaning of a field takes a new format
/// version, and readers and scripts refuse one they do not know.</para>
/// </remarks>
internal static class SessionHash
{
    public const int Format = 1;

    private static readonly RecentValues<Peer> Peers = new(static json => Peer.Parse(Encoding.UTF8.GetString(json)));
    private static readonly RecentValues<VersionState> Versions = new(static json => Deserialize(json, SessionJson.Default.VersionState));
    private static readonly RecentValues<SessionOwner> Owners = new(static json => Deserialize(json, SessionJson.Default.SessionOwner));
    private static readonly RecentValues<SessionTags> Tags = new(static json =>
        SessionTags.Create([.. Deserialize(json, SessionJson.Default.StringArray).Select(tag => new SessionTag(tag))]));

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

    /// <summary>What a script answers of a session's activity.</summary>
    public static SessionActivity Activity(SessionId id, RedisValue active, RedisValue expires) =>
        new(id, Time(active), FrameCount: null, FirstSequence: null, Time(expires));

    public static SessionSerializationException Damaged(string operation, SessionId id, Exception? cause = null) =>
        new(operation, id, "the session is damaged.", Format, innerException: cause);

    /// <summary>What a script answers about a hash that is not of the format this library writes.</summary>
    public static SessionSerializationException UnknownFormat(string operation, SessionId id, RedisValue found) =>
        UnknownFormat(operation, id, !found.IsNullOrEmpty && found.TryParse(out long format) ? format : null);

    public static SessionSerializationException UnknownFormat(string operation, SessionId id, long? format) =>
        new(operation, id, "the session has a format this version of the library does not read.", format);

    /// <summary>Reads a session from its hash and the length of its list; null where there is none.</summary>
    /// <exception cref="SessionSerializationException">The hash is not a session of a format this library reads.</exception>
    public static Session? Read(string operation, SessionId id, scoped SessionFields fields, long frames)
    {
        if (fields.TryNumber(SessionField.Format) is var format && format != Format)
        {
            return fields.IsEmpty ? null : throw UnknownFormat(operation, id, format);
        }

        try
        {
            return fields.Has(SessionField.List) ? Read(id, fields, frames) : throw new FormatException("The name of the list of frames is missing.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or OverflowException)
        {
            throw Damaged(operation, id, exception);
        }
    }

    private static Session Read(SessionId id, scoped SessionFields fields, long frames)
    {
        var (noted, first) = (fields.Number(SessionField.Frames), fields.Number(SessionField.First));
        return new Session(id, (TransportType)fields.SmallNumber(SessionField.Transport), Generation(fields[SessionField.Generation]))
        {
            Status = (SessionStatus)fields.SmallNumber(SessionField.Status),
            State = (SessionState)fields.SmallNumber(SessionField.State),
            Boundary = (SessionBoundary)fields.SmallNumber(SessionField.Boundary),
            CreatedAt = fields.Time(SessionField.Created),
            TimeToLive = TimeSpan.FromMilliseconds(fields.Number(SessionField.TimeToLive)),
            MaxLifetime = fields.Number(SessionField.MaxLifetime) is var max and > 0 ? TimeSpan.FromMilliseconds(max) : null,
            LastActivity = fields.Time(SessionField.Active),
            ExpiresAt = fields.Time(SessionField.Expires),
            FrameCount = Math.Max(noted, first + frames),
            FirstSequence = frames > 0 ? first : Math.Max(noted, first),
            Version = fields.Number(SessionField.Version),
            ClientInfo = fields.Has(SessionField.Client) ? Peers.Read(fields[SessionField.Client]) : null,
            ServerInfo = fields.Has(SessionField.Server) ? Peers.Read(fields[SessionField.Server]) : null,
            VersionState = fields.Has(SessionField.Versions) ? Versions.Read(fields[SessionField.Versions]) : null,
            Tags = fields.Has(SessionField.Tags) ? Tags.Read(fields[SessionField.Tags]) : SessionTags.None,
            Owner = fields.Has(SessionField.Owner) ? Owners.Read(fields[SessionField.Owner]) : null,
            TransportSessionId = fields.Text(SessionField.Alias),
            CorrelationKey = fields.Text(SessionField.Correlation),
            CloseReason = fields.Text(SessionField.Reason),
        };
    }

    private static T Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException("There is null where a value is wanted.");

    private static Guid Generation(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out Guid generation, out var consumed, 'N') && consumed == digits.Length
            ? generation
            : throw new FormatException("The generation is none.");

    private static long Number(RedisValue value) =>
        !value.IsNullOrEmpty && value.TryParse(out long number) ? number : throw new FormatException("A field that holds a number holds none.");

    private static DateTimeOffset Time(RedisValue value) => DateTimeOffset.FromUnixTimeMilliseconds(Number(value));
}
