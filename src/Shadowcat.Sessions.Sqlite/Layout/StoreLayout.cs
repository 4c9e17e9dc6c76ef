using System.Globalization;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>How the file is laid out: its tables, and the two numbers in its header that say so. This is the only file that knows the layout as a whole.</summary>
/// <remarks>
/// <para>Times are ms since 1970 and durations ms, but for the time of a frame, which is in 100 ns. What the application owns of a session is JSON (<see cref="SessionDescription"/>).</para>
/// <para>A frame lies at the place that <see cref="FramePlace"/> makes of the key of its session and its number in it, so that the frames of a session lie side by side in their order, and no index is needed.</para>
/// </remarks>
/// <seealso href="https://www.sqlite.org/pragma.html#pragma_application_id"/>
internal static class StoreLayout
{
    /// <summary>The layout that this version of the library reads and writes, in <c>PRAGMA user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>Says whose file it is, in <c>PRAGMA application_id</c>: "ShSe".</summary>
    private const int ApplicationId = 0x53685365;

    /// <summary>Frames of about 1 KB fill a page of this size to 98 %, and one of 4 KiB to 79 %.</summary>
    private const int PageBytes = 16 * 1024;

    private static readonly string Tables = string.Create(CultureInfo.InvariantCulture, $"""
        CREATE TABLE sessions (
            key INTEGER PRIMARY KEY,      -- what places of frames are made of; given again only when no frame is left
            id TEXT NOT NULL UNIQUE,
            generation BLOB NOT NULL,     -- 16 bytes
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,     -- what the session says; orders listings
            born INTEGER NOT NULL,        -- when it was stored, by the clock
            active INTEGER NOT NULL,      -- the last activity that was noted
            ahead INTEGER NOT NULL,       -- how far that is ahead of the clock, because the clock was set back
            expires INTEGER NOT NULL,     -- the deadline
            ttl INTEGER NOT NULL,
            max_lifetime INTEGER,
            quiet INTEGER NOT NULL,       -- until then an append need not note its activity
            base INTEGER NOT NULL,        -- the sequence of the frame with the number 0
            first INTEGER NOT NULL,       -- the oldest sequence that is kept; the next one where none is
            counted INTEGER NOT NULL,     -- up to which sequence the bytes of frames were counted
            bytes INTEGER NOT NULL,       -- the bytes of the kept frames below that
            description TEXT NOT NULL);
        CREATE INDEX sessions_by_creation ON sessions (created, id);
        CREATE INDEX sessions_by_deadline ON sessions (expires);
        CREATE TABLE frames (
            place INTEGER PRIMARY KEY,
            stamp INTEGER NOT NULL,       -- no other frame has it
            at INTEGER NOT NULL,
            direction INTEGER NOT NULL,
            transport INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            method TEXT,
            request_id TEXT,              -- in JSON: 1 is another id than "1"
            exchange_id TEXT,
            protocol_version TEXT,
            metadata TEXT,                -- in JSON
            payload BLOB NOT NULL);
        CREATE TABLE ended (              -- tombstones: which generations have ended of late
            id TEXT NOT NULL,
            generation BLOB NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (id, generation)) WITHOUT ROWID;
        CREATE INDEX ended_by_time ON ended (until);
        CREATE TABLE changes (            -- what was created, updated or deleted of late, for caches in other processes
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            generation BLOB NOT NULL,
            version INTEGER NOT NULL);
        CREATE VIEW recorded AS           -- for people
            SELECT s.id AS session, s.base + (f.place & {FramePlace.MaxNumber}) AS sequence, f.method, f.request_id, CAST(f.payload AS TEXT) AS payload
            FROM frames AS f JOIN sessions AS s ON s.key = f.place >> {FramePlace.NumberBits};
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};
        """);

    /// <summary>Sees to it that a connection is to a file of this layout; lays out one that is empty.</summary>
    /// <exception cref="LayoutException">It is another program's, or of a later version of the library.</exception>
    public static void Ensure(StoreConnection connection)
    {
        // All of it as of one moment: another process may be laying it out.
        if (!connection.Snapshot(IsLaidOut))
        {
            // Counts where the file is still empty, and nowhere else.
            connection.RunOnce($"PRAGMA page_size = {PageBytes}");
            EnsureLog(connection);
            connection.Begin();
            try
            {
                // Another process may have been faster.
                if (!IsLaidOut(connection))
                {
                    connection.RunOnce(Tables);
                }

                connection.Commit();
            }
            finally
            {
                connection.Rollback();
            }
        }

        EnsureLog(connection);
    }

    /// <summary>Writers and readers do not wait for each other only where the file has a write-ahead log.</summary>
    private static void EnsureLog(StoreConnection connection)
    {
        var mode = connection.AskOnce("PRAGMA journal_mode = WAL");
        if (mode != "wal")
        {
            throw new LayoutException($"cannot have a write-ahead log (its journal mode is '{mode}'): it must be on a disk of this machine.");
        }
    }

    private static bool IsLaidOut(StoreConnection connection)
    {
        var (application, version) = (Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"));
        if (application == ApplicationId)
        {
            return version == Version ? true : throw new LayoutException(
                version > Version
                    ? $"has the layout {version} of a newer version of Shadowcat.Sessions; this one reads the layout {Version}. Update the program, or give it another file."
                    : $"has the layout {version}, which no version of Shadowcat.Sessions writes. Move it away.");
        }

        return application == 0 && version == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0
            ? false
            : throw new LayoutException("is the database of another program. Give the store a file of its own.");
    }

    private static long Number(StoreConnection connection, string sql) => long.Parse(connection.AskOnce(sql), CultureInfo.InvariantCulture);
}
