using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>An open connection with the statements that it has prepared. One caller at a time uses it.</summary>
internal sealed class StoreConnection : IDisposable
{
    private static readonly SqlText BeginRead = new("BEGIN");
    private static readonly SqlText BeginWrite = new("BEGIN IMMEDIATE");
    private static readonly SqlText CommitAll = new("COMMIT");
    private static readonly SqlText RollbackAll = new("ROLLBACK");

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private Statement?[] _statements = new Statement?[64];

    /// <summary>Takes over a connection that is open.</summary>
    public StoreConnection(SqliteConnection connection)
    {
        _connection = connection;
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
    }

    /// <summary>How many rows the last statement has changed.</summary>
    public int Changes => raw.sqlite3_changes(_database);

    private bool IsInTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>A statement, ready to be bound and run.</summary>
    public Statement Use(SqlText sql)
    {
        if (sql.Number >= _statements.Length)
        {
            Array.Resize(ref _statements, 2 * sql.Number);
        }

        return _statements[sql.Number] ??= Prepare(sql.Text);
    }

    /// <summary>Runs a statement without parameters.</summary>
    public void Run(SqlText sql) => Use(sql).Run();

    /// <summary>Runs statements that are not used again, such as those that lay out the file.</summary>
    public void RunOnce(string sql)
    {
        if (raw.sqlite3_exec(_database, sql) != raw.SQLITE_OK)
        {
            throw new StatementException(raw.sqlite3_extended_errcode(_database), raw.sqlite3_errmsg(_database).utf8_to_string());
        }
    }

    /// <summary>Runs one statement that is not used again, and takes the text of the first column of its first row.</summary>
    public string AskOnce(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step() ? statement.GetText(0) : "";
        }
        finally
        {
            statement.Close();
        }
    }

    /// <summary>How long SQLite itself waits for a lock, on the thread of the caller.</summary>
    public void SetBusyTimeout(int milliseconds) => raw.sqlite3_busy_timeout(_database, milliseconds);

    /// <summary>Reads several things as they were at one moment.</summary>
    public T Snapshot<T>(Func<StoreConnection, T> read)
    {
        Run(BeginRead);
        try
        {
            return read(this);
        }
        finally
        {
            Rollback();
        }
    }

    /// <summary>Begins a transaction, alone among all connections to the file.</summary>
    public void Begin() => Run(BeginWrite);

    /// <summary>Makes everything since <see cref="Begin"/> last.</summary>
    public void Commit() => Run(CommitAll);

    /// <summary>Takes back everything since the transaction began, where there is one.</summary>
    public void Rollback()
    {
        if (IsInTransaction)
        {
            Run(RollbackAll);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement?.Close();
        }

        _statements = [];
        _connection.Dispose();
    }

    private Statement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v2(_database, sql, out var statement);
        return code == raw.SQLITE_OK
            ? new Statement(_database, statement)
            : throw new StatementException(raw.sqlite3_extended_errcode(_database), raw.sqlite3_errmsg(_database).utf8_to_string());
    }
}
