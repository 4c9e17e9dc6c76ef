namespace Shadowcat.Sessions.Sqlite;

/// <summary>Finds rows of sessions by their ids.</summary>
internal static class SessionRows
{
    /// <summary>The columns that <see cref="Read"/> reads, and behind them id and description.</summary>
    public const string Columns = """
        key, generation, version, created, born, active, ahead, expires, ttl, max_lifetime, quiet, base, first, counted, bytes,
        (SELECT f.place FROM frames AS f WHERE f.place >= s.key << 32 AND f.place < (s.key + 1) << 32 ORDER BY f.place DESC LIMIT 1), id, description
        """;

    private const int NewestPlace = 15;
    private const int Id = 16;
    private const int Description = 17;

    private static readonly SqlText Select = new($"SELECT {Columns} FROM sessions AS s WHERE id = ?1");

    /// <summary>Finds what there is of a session, whether it lives or has expired; null where there is nothing.</summary>
    public static SessionRow? Find(StoreConnection connection, SessionId id)
    {
        using var found = connection.Use(Select).Bind(1, id);
        return found.Step() ? Read(found) : null;
    }

    /// <summary>Finds a session that lives.</summary>
    /// <exception cref="SessionNotFoundException">There is none.</exception>
    public static SessionRow Require(StoreConnection connection, string operation, SessionId id, DateTimeOffset now) =>
        Find(connection, id) is { } row && row.IsLive(now) ? row : throw new SessionNotFoundException(operation, id);

    /// <summary>Finds a session that lives, and whether it is closed.</summary>
    /// <exception cref="SessionNotFoundException">There is none.</exception>
    public static SessionRow Require(StoreConnection connection, string operation, SessionId id, DateTimeOffset now, out bool isClosed)
    {
        using var found = connection.Use(Select).Bind(1, id);
        if (!found.Step() || Read(found) is not { } row || !row.IsLive(now))
        {
            throw new SessionNotFoundException(operation, id);
        }

        isClosed = SessionDescription.TryRead(found.GetBytes(Description), out var description, out _) && description.IsClosed;
        return row;
    }

    /// <summary>Finds a session that lives; null where there is none.</summary>
    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public static Session? FindSession(StoreConnection connection, string operation, SessionId id, DateTimeOffset now)
    {
        using var found = connection.Use(Select).Bind(1, id);
        return found.Step() && Read(found) is var row && row.IsLive(now) ? row.ToSession(operation, id, found.GetBytes(Description)) : null;
    }

    /// <summary>Reads the id of the row that a statement stands on.</summary>
    public static SessionId ReadId(Statement row) => new(row.GetText(Id));

    /// <summary>Reads the session of the row that a statement stands on.</summary>
    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public static Session ReadSession(Statement row, string operation, SessionId id) => Read(row).ToSession(operation, id, row.GetBytes(Description));

    /// <summary>Reads the row that a statement stands on.</summary>
    public static SessionRow Read(Statement row)
    {
        var (start, first) = (row.GetInt64(11), row.GetInt64(12));
        return new SessionRow
        {
            Key = row.GetInt64(0),
            Generation = row.GetBytes(1) is { Length: 16 } generation ? new Guid(generation, bigEndian: true) : Guid.Empty,
            Version = row.GetInt64(2),
            Created = StoreClock.OfMilliseconds(row.GetInt64(3)),
            Born = StoreClock.OfMilliseconds(row.GetInt64(4)),
            Active = StoreClock.OfMilliseconds(row.GetInt64(5)),
            Ahead = TimeSpan.FromMilliseconds(row.GetInt64(6)),
            Expires = StoreClock.OfMilliseconds(row.GetInt64(7)),
            TimeToLive = TimeSpan.FromMilliseconds(row.GetInt64(8)),
            MaxLifetime = row.GetNumber(9) is { } lifetime ? TimeSpan.FromMilliseconds(lifetime) : null,
            Quiet = StoreClock.OfMilliseconds(row.GetInt64(10)),
            Base = start,
            First = first,
            Counted = row.GetInt64(13),
            Bytes = row.GetInt64(14),
            End = row.GetNumber(NewestPlace) is { } newest ? start + FramePlace.NumberAt(newest) + 1 : first,
        };
    }
}
