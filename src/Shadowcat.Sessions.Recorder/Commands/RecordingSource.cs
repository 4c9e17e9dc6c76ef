namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>What a command looks at: a session of the store, or the sessions of an archive, which are read into memory and leave the store as it is.</summary>
internal sealed class RecordingSource : IAsyncDisposable
{
    /// <summary>What an archive may hold at most.</summary>
    private const int MaxFrameBytes = 256 * 1024 * 1024;

    private readonly StoreConnection? _connection;

    private RecordingSource(string name, ISessionStore store, IReadOnlyList<Session> sessions, StoreConnection? connection, string? file)
    {
        Name = name;
        Store = store;
        Sessions = sessions;
        File = file;
        _connection = connection;
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
    /// <exception cref="IOException">There is neither, or the archive holds no session.</exception>
    /// <exception cref="SessionStoreException">The archive or the store cannot be read.</exception>
    public static async Task<RecordingSource> OpenAsync(string name, StoreLocation location, CancellationToken cancellationToken)
    {
        if (System.IO.File.Exists(name))
        {
            return await ReadAsync(name, cancellationToken);
        }

        if (IdOf(name) is { } id)
        {
            var connection = StoreConnection.Open(location);
            try
            {
                if (await connection.Store.GetSessionAsync(id, cancellationToken) is { } session)
                {
                    return new RecordingSource(name, connection.Store, [session], connection, file: null);
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

    /// <summary>The only session.</summary>
    /// <exception cref="IOException">There are several.</exception>
    public Session Single() => Sessions is [var session]
        ? session
        : throw new IOException($"'{Name}' holds {Sessions.Count} sessions, and one is wanted: export that one alone.");

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<RecordingSource> ReadAsync(string file, CancellationToken cancellationToken)
    {
        // Seen by this process only: whatever the archive says may be shown, and nothing is refused for its size.
        var store = new InMemorySessionStore(new SessionStoreOptions
        {
            TimeToLive = TimeSpan.FromDays(1),
            MaxFrameBytes = MaxFrameBytes,
            MaxBatchBytes = MaxFrameBytes,
        });
        await using var archive = System.IO.File.OpenRead(file);
        await store.ImportSessionsAsync(archive, new SessionImportOptions { KeepOwner = true, KeepTransportSessionId = true, KeepAttributes = true }, cancellationToken: cancellationToken);
        var sessions = await ((ISessionStore)store).ListSessionsAsync(cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        return sessions.Count > 0 ? new RecordingSource(file, store, sessions, connection: null, file) : throw new IOException($"'{file}' holds no session.");
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
