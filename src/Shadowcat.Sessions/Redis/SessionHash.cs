using System.Globalization;
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
/// expires      ExpiresAt, ms since 1970                                 create, append, touch
/// frames       frames ever appended                                     append
/// first        sequence of the oldest frame kept                        append, delete frames
/// bytes        bytes of the frames kept, as stored                      append, delete frames
/// ops          the newest update operations, 8 random bytes each        update
/// </code>
/// <para>A reader passes over fields it does not know, and an update leaves them. A changed meaning of a field takes a new format
/// version, and readers and scripts refuse one they do not know.</para>
/// </remarks>
internal static class SessionHash
{
    public const int Format = 1;

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

    /// <summary>Reads a session from the reply of a script that ended with HGETALL.</summary>
    public static Session Read(string operation, SessionId id, RedisResult hash)
    {
        var flat = (RedisValue[])hash!;
        return Read(operation, id, Enumerable.Range(0, flat.Length / 2).Select(i => new HashEntry(flat[2 * i], flat[(2 * i) + 1])));
    }

    /// <summary>What a script answers about a hash that is not of the format this library writes.</summary>
    public static SessionSerializationException UnknownFormat(string operation, SessionId id, RedisValue found) =>
        UnknownFormat(operation, id, !found.IsNullOrEmpty && found.TryParse(out long format) ? format : null);

    /// <summary>Reads a session from its hash.</summary>
    /// <exception cref="SessionSerializationException">The hash is not a session of a format this library reads.</exception>
    public static Session Read(string operation, SessionId id, IEnumerable<HashEntry> hash)
    {
        var fields = new Dictionary<string, RedisValue>(StringComparer.Ordinal);
        foreach (var entry in hash)
        {
            fields[entry.Name.ToString()] = entry.Value;
        }

        var format = fields.TryGetValue("format", out var found) && found.TryParse(out long number) ? number : (long?)null;
        if (format != Format)
        {
            throw UnknownFormat(operation, id, format);
        }

        try
        {
            return Read(id, fields);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or OverflowException)
        {
            throw Damaged(operation, id, exception);
        }
    }

    public static SessionSerializationException Damaged(string operation, SessionId id, Exception? cause = null) =>
        new(operation, id, "the session is damaged.", Format, innerException: cause);

    public static SessionSerializationException UnknownFormat(string operation, SessionId id, long? format) =>
        new(operation, id, "the session has a format this version of the library does not read.", format);

    private static Session Read(SessionId id, Dictionary<string, RedisValue> fields) => new(id, (TransportType)SmallNumber(fields, "transport"))
    {
        Generation = Guid.ParseExact(Text(fields, "gen") ?? "", "N"),
        Status = (SessionStatus)SmallNumber(fields, "status"),
        State = (SessionState)SmallNumber(fields, "state"),
        Boundary = (SessionBoundary)SmallNumber(fields, "boundary"),
        CreatedAt = Time(fields, "created"),
        ClientInfo = Text(fields, "client") is { } client ? Peer.Parse(client) : null,
        ServerInfo = Text(fields, "server") is { } server ? Peer.Parse(server) : null,
        VersionState = Text(fields, "versions") is { } versions ? JsonSerializer.Deserialize(versions, SessionJson.Default.VersionState) : null,
        Tags = Text(fields, "tags") is { } tags
            ? SessionTags.Create([.. JsonSerializer.Deserialize(tags, SessionJson.Default.StringArray)!.Select(tag => new SessionTag(tag))])
            : SessionTags.None,
        Owner = Text(fields, "owner") is { } owner ? JsonSerializer.Deserialize(owner, SessionJson.Default.SessionOwner) : null,
        TransportSessionId = Text(fields, "alias"),
        CorrelationKey = Text(fields, "correlation"),
        CloseReason = Text(fields, "reason"),
        TimeToLive = TimeSpan.FromMilliseconds(Number(fields, "ttl")),
        MaxLifetime = Number(fields, "max") is var max and > 0 ? TimeSpan.FromMilliseconds(max) : null,
        FrameCount = Number(fields, "frames"),
        FirstSequence = Number(fields, "first"),
        LastActivity = Time(fields, "active"),
        ExpiresAt = Time(fields, "expires"),
        Version = Number(fields, "ver"),
    };

    private static long Number(Dictionary<string, RedisValue> fields, string name) =>
        fields.TryGetValue(name, out var value) && value.TryParse(out long number)
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The field '{name}' is no whole number."));

    private static int SmallNumber(Dictionary<string, RedisValue> fields, string name) => checked((int)Number(fields, name));

    private static DateTimeOffset Time(Dictionary<string, RedisValue> fields, string name) => DateTimeOffset.FromUnixTimeMilliseconds(Number(fields, name));

    private static string? Text(Dictionary<string, RedisValue> fields, string name) =>
        fields.TryGetValue(name, out var value) ? value.ToString() : null;
}
