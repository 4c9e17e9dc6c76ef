using Shadowcat.Sessions.Recorder.Storing;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>What a command looks at: a session of the store, or the sessions of an archive, which leave that store as it is.</summary>
/// <remarks>A small archive is read into memory, a large one into a file that is gone afterwards.</remarks>
internal sealed class RecordingSource : IAsyncDisposable
{
    /// <summary>A larger archive is not held in memory.</summary>
    private const long MaxBytesInMemory = 64 * 1024 * 1024;

    /// <summary>What an archive may hold at most.</summary>
    private const int MaxFrameBytes = 256 * 1024 * 1024;

    private readonly StoreConnection? _connection;
    private readonly DirectoryInfo? _folder;

    private RecordingSource(string name, ISessionStore store, IReadOnlyList<Session> sessions, StoreConnection? connection = null, DirectoryInfo? folder = null, string? file = null)
    {
        Name = name;
        Store = store;
        Sessions = sessions;
        File = file;
        _connection = connection;
        _folder = folder;
    }

    /// <summary>What the command line calls it.</summary>
    public string Name { get; }

    /// <summary>Where its frames are.</summary>
    public ISessionStore Store { get; }

    /// <summary>Its sessions, the oldest first; at least one.</summary>
    public IReadOnlyList<Session> Sessions { get; }

    /// <summary>The archive; null for a session of the store.</summary>
    public string? File { get; }

    /// <summary>Opens an archive where there is a file of that name; else a session.</summary>
    /// <param name="name">The file, or the id of the session.</param>
    /// <param name="location">Where sessions are kept; opened only where it is asked.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="maxBytesInMemory">A larger archive goes into a file.</param>
    /// <exception cref="IOException">There is neither, or the archive holds no session.</exception>
    /// <exception cref="SessionStoreException">The archive or the store cannot be read.</exception>
    public static Task<RecordingSource> OpenAsync(string name, StoreLocation location, CancellationToken cancellationToken, long maxBytesInMemory = MaxBytesInMemory)
    {
        var file = new FileInfo(name);
        return !file.Exists ? OfSessionAsync(name, location, cancellationToken)
            : file.Length > maxBytesInMemory ? OfLargeArchiveAsync(name, cancellationToken)
            : OfArchiveAsync(name, cancellationToken);
    }

    /// <summary>The only session.</summary>
    /// <exception cref="IOException">There are several.</exception>
    public Session Single() => Sessions is [var session]
        ? session
        : throw new IOException($"'{Name}' holds {Sessions.Count} sessions, and one is wanted: export that one alone.");

    public ValueTask DisposeAsync() => EndAsync(_connection, _folder);

    private static async Task<RecordingSource> OfSessionAsync(string name, StoreLocation location, CancellationToken cancellationToken)
    {
        if (IdOf(name) is { } id)
        {
            var connection = StoreConnection.Open(location);
            try
            {
                if (await connection.Store.GetSessionAsync(id, cancellationToken) is { } session)
                {
                    return new RecordingSource(name, connection.Store, [session], connection);
                }
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }

            await connection.DisposeAsync();
        }

        throw new FileNotFoundException($"There is neither a session '{name}' in {location} nor a file of that name.");
    }

    private static async Task<RecordingSource> OfArchiveAsync(string file, CancellationToken cancellationToken)
    {
        var store = new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = MaxFrameBytes, MaxBatchBytes = MaxFrameBytes });
        return new RecordingSource(file, store, await ReadAsync(file, store, cancellationToken), file: file);
    }

    private static async Task<RecordingSource> OfLargeArchiveAsync(string file, CancellationToken cancellationToken)
    {
        // Its folder is for its user alone.
        var folder = Directory.CreateTempSubdirectory("shadowcat-archive-");
        var connection = StoreConnection.Open(new StoreLocation(Redis: null, KeyPrefix: null, Path.Combine(folder.FullName, "archive.db")), MaxFrameBytes);
        try
        {
            return new RecordingSource(file, connection.Store, await ReadAsync(file, connection.Store, cancellationToken), connection, folder, file);
        }
        catch
        {
            await EndAsync(connection, folder);
            throw;
        }
    }

    private static async Task<IReadOnlyList<Session>> ReadAsync(string file, ISessionStore store, CancellationToken cancellationToken)
    {
        // Nobody else sees this store, so whatever the archive says of owners and transports may stand in it.
        await using var archive = System.IO.File.OpenRead(file);
        await store.ImportSessionsAsync(archive, new SessionImportOptions { KeepOwner = true, KeepTransportSessionId = true, KeepAttributes = true }, cancellationToken: cancellationToken);
        var sessions = await store.ListSessionsAsync(cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        return sessions.Count > 0 ? sessions : throw new IOException($"'{file}' holds no session.");
    }

    private static async ValueTask EndAsync(StoreConnection? connection, DirectoryInfo? folder)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        folder?.Delete(recursive: true);
    }

    private static SessionId? IdOf(string name)
    {
        try
        {
            return new SessionId(name);
        }
        catch (ArgumentException)
        {
            // No session is called so.
            return null;
        }
    }
}
