namespace Shadowcat.Sessions;

/// <summary>The place of a session in the order of creation, which is total and never changes.</summary>
/// <param name="Created">When the session was created, in ms since 1970.</param>
/// <param name="Id">The session.</param>
internal readonly record struct SessionPlace(long Created, SessionId Id) : IComparable<SessionPlace>
{
    /// <summary>Behind every session of the milliseconds before, and in front of every session of this one and those after it.</summary>
    public static SessionPlace BeginOf(long created) => new(created, default);

    /// <summary>The place of a session.</summary>
    public static SessionPlace Of(Session session) => new(session.CreatedAt.ToUnixTimeMilliseconds(), session.Id);

    /// <summary>Which of two places comes first where the oldest do. Ids are ASCII, so the order of their characters is that of their bytes.</summary>
    public int CompareTo(SessionPlace other) => Created.CompareTo(other.Created) is var order and not 0 ? order : Id.CompareTo(other.Id);

    public static bool operator <(SessionPlace left, SessionPlace right) => left.CompareTo(right) < 0;

    public static bool operator <=(SessionPlace left, SessionPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >(SessionPlace left, SessionPlace right) => left.CompareTo(right) > 0;

    public static bool operator >=(SessionPlace left, SessionPlace right) => left.CompareTo(right) >= 0;
}
