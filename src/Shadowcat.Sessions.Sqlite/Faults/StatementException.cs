using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>A statement failed, or the file could not be opened. The store turns it into an exception of the contract.</summary>
/// <param name="code">The extended result code of SQLite.</param>
/// <param name="message">What SQLite says.</param>
/// <param name="innerException">The cause, where there is one.</param>
/// <seealso href="https://www.sqlite.org/rescode.html"/>
internal sealed class StatementException(int code, string message, Exception? innerException = null)
    : Exception($"{message} (SQLite result code {code})", innerException)
{
    /// <summary>The result code, without what extends it.</summary>
    public int Code => code & 0xFF;

    /// <summary>Whether another connection is in the way, for a while.</summary>
    public bool IsBusy => Code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL;
}
