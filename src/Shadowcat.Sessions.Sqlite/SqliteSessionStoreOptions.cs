namespace Shadowcat.Sessions.Sqlite;

/// <summary>Options of a <see cref="SqliteSessionStore"/>, in addition to <see cref="SessionStoreOptions"/>.</summary>
/// <remarks>They are read once, when the store is made: later changes of the configuration have no effect.</remarks>
public sealed class SqliteSessionStoreOptions
{
    /// <summary>The file that the sessions are in. It is made where it is missing, with its folder, and only its owner may read it then (0600; 0700 for a folder that is made).</summary>
    /// <value>A path, relative to the current directory where it is not absolute. Required. SQLite keeps two more files beside it, with <c>-wal</c> and <c>-shm</c> at the end of their names.</value>
    /// <remarks>It belongs on a disk of this machine: SQLite's log cannot be shared over a network file system.</remarks>
    /// <seealso href="https://www.sqlite.org/wal.html"/>
    public string? Path { get; set; }

    /// <summary>What an acknowledged write survives.</summary>
    /// <value><see cref="SqliteSynchronous.Full"/> by default: the kill of a process, and a power cut.</value>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>How long a call waits for other processes that write to the file. Then it fails with a <see cref="SessionStoreUnavailableException"/>; nothing was done.</summary>
    /// <value>0 to 10 minutes; 10 s by default. A call that waits behind another one of this process may wait twice as long.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How large the file may become through this store. A write beyond that fails with a <see cref="SessionLimitExceededException"/>, as on a full disk; what expires or is deleted makes room.</summary>
    /// <value>1 MiB to 16 TiB, in whole pages of 16 KiB; null, the default, for no such bound. The log beside the file comes on top: some 16 MB, and more while a large write is under way.</value>
    public long? MaxFileBytes { get; set; }
}
