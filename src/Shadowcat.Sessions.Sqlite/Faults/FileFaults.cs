using System.Globalization;
using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Says in the words of the contract what is wrong with a file.</summary>
/// <param name="path">The file.</param>
/// <param name="lockTimeout">How long a call waits for other processes.</param>
internal sealed class FileFaults(string path, TimeSpan lockTimeout)
{
    /// <summary>Whether this translates an exception.</summary>
    public static bool IsFault(Exception exception) => exception is StatementException or LayoutException;

    /// <summary>The exception of the contract for a fault.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="id">The session it was about, where there is one.</param>
    /// <param name="isOutcomeUnknown">Whether a commit had begun.</param>
    public SessionStoreException Translate(Exception fault, string operation, SessionId? id, bool isOutcomeUnknown = false) => fault switch
    {
        LayoutException => new SessionStoreConfigurationException(operation, id, $"the file {path} {fault.Message}", fault),
        StatementException { IsBusy: true } => new SessionStoreUnavailableException(
            operation,
            id,
            string.Create(CultureInfo.InvariantCulture, $"the file {path} was locked by other processes for {lockTimeout.TotalSeconds:0.###} s; nothing was done. Look for a process that keeps it locked, or set LockTimeout higher."),
            outcomeUnknown: false,
            fault),
        StatementException { Code: raw.SQLITE_FULL } => new SessionLimitExceededException(
            operation, id, SessionLimitExceededException.Disk, $"the file {path} cannot grow: the disk is full, or MaxFileBytes is reached. Nothing was written.", fault),
        StatementException { Code: raw.SQLITE_READONLY } => new SessionStoreConfigurationException(
            operation, id, $"the file {path} is read-only. This account needs the right to write the file and its folder.", fault),
        StatementException { Code: raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH } => new SessionStoreConfigurationException(
            operation, id, $"the file {path} cannot be opened. It must be a file, and this account needs the right to read and write it and its folder.", fault),
        StatementException { Code: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } => new SessionStoreConfigurationException(
            operation, id, $"the file {path} is damaged, or no SQLite database. Move it away, and salvage what can be read with: sqlite3 {path} .recover", fault),
        StatementException { Code: raw.SQLITE_ERROR or raw.SQLITE_SCHEMA } => new SessionStoreConfigurationException(
            operation, id, $"the file {path} lacks what a store has made in it: another program has changed it. Move it away.", fault),
        StatementException { Code: raw.SQLITE_IOERR or raw.SQLITE_NOMEM } => new SessionStoreUnavailableException(
            operation, id, $"the file {path} cannot be {(Operations.IsRead(operation) ? "read" : "written")}: the disk or the memory failed{(isOutcomeUnknown ? "; whether the call was carried out is unknown." : ". Nothing was done.")}", isOutcomeUnknown, fault),
        _ => new SessionStoreException(operation, id, $"the file {path} cannot be used: {fault.Message}.", fault),
    };
}
