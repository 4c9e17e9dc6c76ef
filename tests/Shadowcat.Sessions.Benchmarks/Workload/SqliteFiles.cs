using Microsoft.Data.Sqlite;
using Shadowcat.Sessions.Sqlite;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>A store of ours in a file, and connections of Microsoft.Data.Sqlite to it and to a file beside it. Both are gone when it is disposed of.</summary>
internal sealed class SqliteFiles : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shadowcat-bench-").FullName;
    private readonly List<SqliteConnection> _connections = [];
    private readonly SqliteSessionStore _store;

    public SqliteFiles(SqliteSynchronous synchronous = SqliteSynchronous.Full) =>
        _store = new SqliteSessionStore(new SqliteSessionStoreOptions { Path = Path, Synchronous = synchronous });

    public ISessionStore Store => _store;

    /// <summary>The file of our store.</summary>
    public string Path => System.IO.Path.Combine(_folder, "ours.db");

    /// <summary>Opens the file of our store.</summary>
    public SqliteConnection OpenOurs() => Open(Path);

    /// <summary>Opens the other file, with the settings of our store.</summary>
    public SqliteConnection OpenOther()
    {
        var connection = Open(System.IO.Path.Combine(_folder, "other.db"));
        using var settings = connection.CreateCommand();
        settings.CommandText = "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4096";
        settings.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Closes our store, so that all of it is in its file, and says how large that is.</summary>
    public async Task<long> CloseAsync()
    {
        await _store.DisposeAsync();
        return new FileInfo(Path).Length;
    }

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(static connection => connection.Dispose());
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connections.Add(connection);
        connection.Open();
        return connection;
    }
}
