namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>What tests of the store on SQLite have: a file that no other test sees, and stores on it, each as of another process.</summary>
public abstract class SqliteStoreTest : IAsyncDisposable
{
    private readonly TemporaryFile _file = new();
    private readonly List<SqliteSessionStore> _stores = [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected TemporaryFile File => _file;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ISessionStore Store(Action<SqliteSessionStoreOptions>? configure = null, SessionStoreOptions? options = null)
    {
        var sqlite = new SqliteSessionStoreOptions { Path = _file.Path };
        configure?.Invoke(sqlite);
        var store = new SqliteSessionStore(sqlite, options);
        _stores.Add(store);
        return store;
    }

    /// <summary>Closes every store, so that all of them is in the one file.</summary>
    private protected async Task CloseAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _stores.Clear();
    }

    private protected static async Task<Session> CreatedAsync(ISessionStore store, int frames = 0)
    {
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        foreach (var batch in Make.Frames(session.Id, frames).Chunk(1000))
        {
            await store.AddFramesAsync(session.Id, batch, Ct);
        }

        return session;
    }

    private protected static async Task<IReadOnlyList<MessageEnvelope>> ReadAsync(ISessionStore store, SessionId id) =>
        await store.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct);
}
