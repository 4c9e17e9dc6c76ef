using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>The file of a store: makes it where it is missing, and opens connections to it.</summary>
/// <param name="options">The options of the store, which were checked.</param>
internal sealed class StoreFile(SqliteSessionStoreOptions options)
{
    /// <summary>SQLite itself waits no longer than that for a lock: longer waiting keeps no thread.</summary>
    private const int BusyMilliseconds = 10;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = System.IO.Path.GetFullPath(options.Path!),
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
    }.ToString();

    private readonly string _settings = string.Create(CultureInfo.InvariantCulture, $"""
        PRAGMA synchronous = {(options.Synchronous == SqliteSynchronous.Normal ? "NORMAL" : "FULL")};
        PRAGMA cache_size = -4096;
        PRAGMA journal_size_limit = {64 * 1024 * 1024};
        """);

    /// <summary>The full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(options.Path!);

    /// <summary>How long a call waits for other processes.</summary>
    public TimeSpan LockTimeout => options.LockTimeout;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="StatementException">The file cannot be opened.</exception>
    /// <exception cref="LayoutException">It is not laid out as this version of the library reads it.</exception>
    public StoreConnection Open()
    {
        Create();
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new StatementException(exception.SqliteExtendedErrorCode, exception.Message, exception);
        }

        var opened = new StoreConnection(connection);
        try
        {
            opened.SetBusyTimeout(BusyMilliseconds);
            StoreLayout.Ensure(opened);
            opened.RunOnce(_settings);
            Bound(opened);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private void Bound(StoreConnection connection)
    {
        if (options.MaxFileBytes is { } bytes)
        {
            var pageBytes = long.Parse(connection.AskOnce("PRAGMA page_size"), CultureInfo.InvariantCulture);
            connection.RunOnce(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {bytes / pageBytes}"));
        }
    }

    /// <summary>Makes the file where it is missing. SQLite gives the files beside it the same rights.</summary>
    private void Create()
    {
        if (File.Exists(Path))
        {
            return;
        }

        try
        {
            CreateFolder(System.IO.Path.GetDirectoryName(Path));
            var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                creation.UnixCreateMode = OwnerOnly;
            }

            new FileStream(Path, creation).Dispose();
        }
        catch (IOException) when (File.Exists(Path))
        {
            // Another process, or another thread, was faster.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StatementException(raw.SQLITE_CANTOPEN, exception.Message, exception);
        }
    }

    private static void CreateFolder(string? folder)
    {
        if (string.IsNullOrEmpty(folder) || Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
