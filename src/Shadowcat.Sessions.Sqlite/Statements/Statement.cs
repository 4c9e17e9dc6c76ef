using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>A prepared statement. Who uses it binds every parameter, goes through the rows, and disposes of it, which makes it ready for the next use and ends what it reads.</summary>
/// <remarks>
/// It is SQLite's own interface and not that of ADO.NET: bytes are read in place, and where the file is locked nobody sleeps for 150 ms at a time, as a command of Microsoft.Data.Sqlite does.
/// </remarks>
/// <seealso href="https://www.sqlite.org/c3ref/stmt.html"/>
internal sealed class Statement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    private const int MaxStackBytes = 512;

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    /// <summary>Binds bytes, also where there are none.</summary>
    public Statement Bind(int parameter, ReadOnlySpan<byte> bytes)
    {
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, bytes));
        return this;
    }

    public Statement Bind(int parameter, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(parameter, bytes);
    }

    public Statement Bind(int parameter, SessionId id) => BindText(parameter, id.Value);

    /// <summary>Binds a text; null where there is none.</summary>
    public Statement BindText(int parameter, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(statement, parameter));
            return this;
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var pooled = most <= MaxStackBytes ? null : ArrayPool<byte>.Shared.Rent(most);
        var buffer = pooled ?? stackalloc byte[MaxStackBytes];
        BindText(parameter, buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        if (pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }

        return this;
    }

    /// <summary>Binds a text in UTF-8; null where it is empty.</summary>
    public Statement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        Check(utf8.IsEmpty ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, utf8));
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False where there is none.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        return code == raw.SQLITE_ROW || (code == raw.SQLITE_DONE ? false : throw Fault(code));
    }

    /// <summary>Runs it to its end.</summary>
    public void Run()
    {
        using (this)
        {
            while (Step())
            {
                // Whoever runs a statement does not want its rows.
            }
        }
    }

    /// <summary>Runs it, and takes the number in the first column of its only row.</summary>
    /// <returns>Null where there is no row, or nothing in it.</returns>
    public long? RunNumber()
    {
        using (this)
        {
            return Step() ? GetNumber(0) : null;
        }
    }

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public long? GetNumber(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(statement, column);

    /// <summary>What is in a column, of a blob or a text in UTF-8, in place: valid until the next row, and before the number of the same column is asked for.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(statement, column);

    public string GetText(int column) => Encoding.UTF8.GetString(GetBytes(column));

    /// <summary>Makes it ready for the next use.</summary>
    public void Dispose() => raw.sqlite3_reset(statement);

    /// <summary>Frees it, with its connection.</summary>
    public void Close() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Fault(code);
        }
    }

    private StatementException Fault(int code)
    {
        var extended = raw.sqlite3_extended_errcode(database);
        var fault = new StatementException(extended == raw.SQLITE_OK ? code : extended, raw.sqlite3_errmsg(database).utf8_to_string());
        raw.sqlite3_reset(statement);
        return fault;
    }
}
