namespace Shadowcat.Sessions;

/// <summary>The place of a session in the order of creation. The order is total and never changes. For whoever writes a store.</summary>
public readonly record struct SessionPlace : IComparable<SessionPlace>
{
    /// <summary>Names a place.</summary>
    /// <param name="created">When the session was created, in ms since 1970.</param>
    /// <param name="id">The session; <c>default</c> for the place before every session of that millisecond.</param>
    public SessionPlace(long created, SessionId id)
    {
        Created = created;
        Id = id;
    }

    /// <summary>When the session was created, in ms since 1970.</summary>
    public long Created { get; }

    /// <summary>The session; <c>default</c> for the place before every session of that millisecond.</summary>
    public SessionId Id { get; }

    /// <summary>The place of a session.</summary>
    /// <param name="session">The session.</param>
    public static SessionPlace Of(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SessionPlace(session.CreatedAt.ToUnixTimeMilliseconds(), session.Id);
    }

    /// <summary>Which of two places comes first where the oldest do. Ids are ASCII, so the order of their characters is that of their bytes.</summary>
    /// <param name="other">The other place.</param>
    public int CompareTo(SessionPlace other) => Created.CompareTo(other.Created) is var order and not 0 ? order : Id.CompareTo(other.Id);

    /// <summary>Compares places.</summary>
    public static bool operator <(SessionPlace left, SessionPlace right) => left.CompareTo(right) < 0;

    /// <summary>Compares places.</summary>
    public static bool operator <=(SessionPlace left, SessionPlace right) => left.CompareTo(right) <= 0;

    /// <summary>Compares places.</summary>
    public static bool operator >(SessionPlace left, SessionPlace right) => left.CompareTo(right) > 0;

    /// <summary>Compares places.</summary>
    public static bool operator >=(SessionPlace left, SessionPlace right) => left.CompareTo(right) >= 0;
}
