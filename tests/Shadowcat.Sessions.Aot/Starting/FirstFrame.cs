using Shadowcat.Sessions.Sqlite;

namespace Shadowcat.Sessions.Aot.Starting;

/// <summary>What a start of the program is measured by: it stores one frame, says so, and ends.</summary>
internal static class FirstFrame
{
    public const string Command = "first-frame";

    public const string Memory = "memory";

    /// <param name="path">The file of the store, or <see cref="Memory"/>.</param>
    public static async Task StoreAsync(string path)
    {
        ISessionStore store = path == Memory ? new InMemorySessionStore() : new SqliteSessionStore(path);
        using (store as IDisposable)
        {
            var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio));
            Console.WriteLine(await store.AddFrameAsync(Samples.Frame(session.Id)));
        }
    }
}
