using System.Globalization;
using ModelContextProtocol.Client;
using Shadowcat.Sessions.Mcp;
using Xunit;

namespace Shadowcat.Sessions.TestKit.Mcp;

/// <summary>An xUnit fixture: a server that answers from a recording, whatever client is connected to it.</summary>
/// <remarks>
/// <para>The recording is a file that <c>shadowcat export</c> or <see cref="SessionArchive.ExportSessionAsync"/> wrote. It is read once, before the first test, and each connection replays it from its beginning, as
/// <see cref="RecordedServerTransport"/> says: a request that is not in the recording is answered with an error. So tests may run at the same time.</para>
/// <para>A class fixture has no parameters, so derive from it and name the file.</para>
/// </remarks>
/// <example>
/// <code>
/// public sealed class WeatherServer() : ReplayedServer("recordings/weather.jsonl");
///
/// public sealed class WeatherTests(WeatherServer server) : IClassFixture&lt;WeatherServer&gt;
/// {
///     [Fact]
///     public async Task Forecast_OfATown_IsShown()
///     {
///         await using var client = await server.ConnectAsync();
///         var answer = await client.CallToolAsync("forecast", new Dictionary&lt;string, object?&gt; { ["town"] = "Bern" });
///     }
/// }
/// </code>
/// </example>
public abstract class ReplayedServer : IAsyncLifetime
{
    private readonly string _path;
    private readonly SessionId? _session;
    private RecordedServerTransport? _transport;

    /// <summary>Names the recording. It is not read yet.</summary>
    /// <param name="path">The file; where it is not absolute, relative to the folder of the tests' assembly.</param>
    /// <param name="session">Which session of the file; null, the default, for the only one there is.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    protected ReplayedServer(string path, string? session = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path, AppContext.BaseDirectory);
        _session = session is null ? null : new SessionId(session);
    }

    /// <summary>What a client is given instead of the transport to its server. It may be used for any number of connections.</summary>
    /// <exception cref="InvalidOperationException">The recording was not read yet: xUnit does so before the first test of a class that has the fixture.</exception>
    public IClientTransport Transport => _transport ?? throw new InvalidOperationException($"{GetType()} was not initialized. Give your test class an IClassFixture<{GetType().Name}>.");

    /// <summary>Connects a client.</summary>
    /// <param name="options">The client's options; null, the default, for their defaults.</param>
    /// <param name="cancellationToken">Stops connecting.</param>
    /// <returns>The client. Whoever connected it disposes of it.</returns>
    /// <exception cref="InvalidOperationException">The recording was not read yet.</exception>
    public Task<McpClient> ConnectAsync(McpClientOptions? options = null, CancellationToken cancellationToken = default) =>
        McpClient.CreateAsync(Transport, options, cancellationToken: cancellationToken);

    /// <summary>Reads the recording. xUnit calls it.</summary>
    /// <returns>A task that completes then.</returns>
    /// <exception cref="InvalidOperationException">There is no such file, or it holds no such session, or several of which none was named.</exception>
    /// <exception cref="SessionArchiveException">It is no recording, or a damaged one.</exception>
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(_path))
        {
            throw new InvalidOperationException($"There is no recording '{_path}'. Where it is a file of the test project, let the build copy it: CopyToOutputDirectory=\"PreserveNewest\".");
        }

        // However long a debugger holds the tests, what they read does not expire.
        var store = new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromDays(3650), MaxFrameBytes = 256 * 1024 * 1024, MaxBatchBytes = 256 * 1024 * 1024 });
        var file = File.OpenRead(_path);
        await using (file.ConfigureAwait(false))
        {
            await store.ImportSessionsAsync(file).ConfigureAwait(false);
        }

        _transport = new RecordedServerTransport(store, await SessionAsync(store).ConfigureAwait(false));
    }

    /// <summary>Ends the fixture. Connections end with their clients.</summary>
    /// <returns>A task that is completed.</returns>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<SessionId> SessionAsync(InMemorySessionStore store)
    {
        var ids = await store.ListSessionsAsync().Take(11).Select(static session => session.Id).ToListAsync().ConfigureAwait(false);
        if (_session is { } named)
        {
            return await store.GetSessionAsync(named).ConfigureAwait(false) is not null
                ? named
                : throw new InvalidOperationException($"The recording '{_path}' has no session '{named}'.");
        }

        return ids.Count == 1
            ? ids[0]
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"The recording '{_path}' has {(ids.Count > 10 ? "more than 10" : ids.Count)} sessions. Name the one that answers: {string.Join(", ", ids.Take(10))}"));
    }
}
