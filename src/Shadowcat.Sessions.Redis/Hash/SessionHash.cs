using System.Buffers.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The stored form of a session: one hash, field by field as described here.</summary>
/// <remarks>
/// <code>
/// field     value                                                                 written by
/// format    2, the version of this form                                           create
/// list      token first frames                                                    create, append, update, delete frames, follow
///             token   of the list of frames, see FencingToken
///             first   sequence of the oldest frame kept
///             frames  sequences given when they were counted last; the list, whose
///                     first is known, says how many came since. There is a list
///                     exactly where this is greater than first
/// life      expires active ttl max born raw                                       create, append, touch, update
///             expires ExpiresAt
///             active  LastActivity
///             ttl     TimeToLive, a duration
///             max     MaxLifetime, a duration; 0 for none
///             born    the server's time at creation
///             raw     what the clock said at the last activity, where it had gone
///                     back; absent else
/// version   generation version created                                            create, update
///             generation  32 hexadecimal digits
///             version     Version: 1, 2, …
///             created     CreatedAt
/// session   JSON: what describes the session, see SessionDescription                  create, update
/// size      bytes counted                                                         append where there is a bound, delete frames
///             bytes   of the frames kept below the sequence counted; absent: none
/// ops       idempotency records, newest first: 16 digits of the operation, 10 of  delete frames
///           the time in s, 10 of what was answered
/// update N  idempotency record of the update that made version N                  update
///             operation  16 digits
///             made       when
/// updates   the oldest N that there is a record of; absent: none                  update
/// followed  until when somebody follows the session, as far as is known; see      follow
///           Followers; absent while nobody did
/// </code>
/// <para>Words have a blank between them, times are in ms since 1970, durations in ms. What is read and written together is one field: a script pays for
/// each that it touches. A reader passes over fields it does not know, and an update leaves them. A changed meaning of a field takes a new format
/// version, and readers and scripts refuse one they do not know.</para>
/// </remarks>
internal static class SessionHash
{
    public const int Format = 2;

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
        new(id, Time(active), expiresAt: Time(expires));

    public static SessionSerializationException Damaged(string operation, SessionId id, Exception? cause = null) =>
        new(operation, id, "the session is damaged.", Format, innerException: cause);

    /// <summary>What a script answers about a hash that is not of the format this library writes.</summary>
    public static SessionSerializationException UnknownFormat(string operation, SessionId id, RedisValue found) =>
        UnknownFormat(operation, id, !found.IsNullOrEmpty && found.TryParse(out long format) ? format : null);

    public static SessionSerializationException UnknownFormat(string operation, SessionId id, long? format) =>
        new(operation, id, "the session has a format this version of the library does not read.", format);

    /// <summary>Reads a session from its hash and the length of its list.</summary>
    /// <exception cref="SessionSerializationException">The hash is not a session of a format this library reads.</exception>
    public static Session Read(string operation, SessionId id, scoped SessionFields fields)
    {
        if (FormatOf(fields[SessionField.Format]) is var format && format != Format)
        {
            throw UnknownFormat(operation, id, format);
        }

        try
        {
            return Read(id, fields);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw Damaged(operation, id, exception);
        }
    }

    private static Session Read(SessionId id, scoped SessionFields fields)
    {
        var list = new ListField(fields[SessionField.List]);
        var (first, end) = list.Extent(fields.Length);
        if (!SessionDescription.TryRead(fields[SessionField.Session], out var description, out var error))
        {
            throw new FormatException("The description of the session is damaged.", error);
        }

        var life = new FieldWords(fields[SessionField.Life]);
        var (expires, active, timeToLive, maxLifetime, _) = (life.Time(), life.Time(), life.Number(), life.Number(), life.Time());
        if (life.HasMore)
        {
            _ = life.Number();
        }

        life.End();
        var version = new FieldWords(fields[SessionField.Version]);
        var (generation, number, created) = (Generation(version.Text()), version.Number(), version.Time());
        version.End();
        return description.ToSession(id, generation, new StoredSessionPart
        {
            CreatedAt = created,
            TimeToLive = TimeSpan.FromMilliseconds(timeToLive),
            MaxLifetime = maxLifetime > 0 ? TimeSpan.FromMilliseconds(maxLifetime) : null,
            LastActivity = active,
            ExpiresAt = expires,
            FrameCount = end,
            FirstSequence = first,
            Version = number,
        });
    }

    private static long? FormatOf(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out long format, out var consumed) && consumed == field.Length ? format : null;

    private static Guid Generation(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out Guid generation, out var consumed, 'N') && consumed == digits.Length
            ? generation
            : throw new FormatException("The generation is none.");

    private static long Number(RedisValue value) =>
        !value.IsNullOrEmpty && value.TryParse(out long number) ? number : throw new FormatException("A field that holds a number holds none.");

    private static DateTimeOffset Time(RedisValue value) => DateTimeOffset.FromUnixTimeMilliseconds(Number(value));
}
