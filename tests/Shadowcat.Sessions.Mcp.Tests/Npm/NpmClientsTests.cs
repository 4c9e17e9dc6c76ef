using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.Mcp.StdioServer;
using Shadowcat.Sessions.Mcp.Tests.Servers;
using Shadowcat.Sessions.Tests.Recorder;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Mcp.Tests.Npm;

/// <summary>The clients of npm against a server with one line more: what they sent and received is recorded once, as the sessions a person would count.</summary>
public sealed class NpmClientsTests(RedisFixture redis)
{
    private const string Older = "sdk";
    private const string Newer = "client";

    [Theory]
    [InlineData(Older, HttpServerSessionMode.Stateful, "2025-11-25", SessionBoundary.Handshake)]
    [InlineData(Older, HttpServerSessionMode.StatefulForInitializeClients, "2025-11-25", SessionBoundary.Handshake)]
    [InlineData(Older, HttpServerSessionMode.Stateless, "2025-11-25", SessionBoundary.Correlated)]
    [InlineData(Newer, HttpServerSessionMode.Stateful, "2025-11-25", SessionBoundary.Handshake)]
    [InlineData(Newer, HttpServerSessionMode.StatefulForInitializeClients, "2026-07-28", SessionBoundary.Correlated)]
    [InlineData(Newer, HttpServerSessionMode.Stateless, "2026-07-28", SessionBoundary.Correlated)]
    public async Task Client_OverHttp_IsOneSessionWithEveryMessageOnce(string flavour, HttpServerSessionMode mode, string version, SessionBoundary boundary)
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var server = await RecordedServer.StartAsync(mode, use: Authentication.ByHeader);

        var seen = await TalkAsync(npm, flavour, "alice", $"{server.Endpoint}");

        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal((TransportType.StreamableHttp, boundary, "alice"), (session.TransportType, session.Boundary, session.Owner?.Value));
        Assert.Equal(("alice", "test-server", version), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));
        AssertSame(seen, await server.GetFramesAsync(session));
    }

    [Fact]
    public async Task Clients_OfSeveralPeopleAtOnce_AreASessionEach()
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.StatefulForInitializeClients, use: Authentication.ByHeader);
        string[] people = ["alice", "bob", "carol", "dave"];

        var seen = await Task.WhenAll(people.Select((name, i) => TalkAsync(npm, i % 2 == 0 ? Older : Newer, name, $"{server.Endpoint}")));

        var sessions = (await server.GetSessionsAsync()).OrderBy(session => session.Owner!.Value, StringComparer.Ordinal).ToList();
        Assert.Equal(people, sessions.Select(session => session.Owner!.Value));
        for (var i = 0; i < people.Length; i++)
        {
            AssertSame(seen[i], await server.GetFramesAsync(sessions[i]));
        }
    }

    /// <summary>Nothing but the one line, the defaults of the SDK, and clients that say neither who they are nor which session theirs is.</summary>
    [Theory]
    [InlineData(Older)]
    [InlineData(Newer)]
    public async Task Clients_OfNobodyOverHttpWithoutSessions_AreASessionEach(string flavour)
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateless);
        string[] names = ["first", "second"];
        List<JsonObject> seen = [];
        foreach (var name in names)
        {
            seen.Add(await TalkAsync(npm, flavour, name, $"{server.Endpoint}"));
        }

        var sessions = await server.GetSessionsAsync();
        Assert.Equal(names, sessions.Select(session => session.ClientInfo?.Name));
        for (var i = 0; i < names.Length; i++)
        {
            AssertSame(seen[i], await server.GetFramesAsync(sessions.Single(session => session.ClientInfo?.Name == names[i])));
        }
    }

    [Theory]
    [InlineData(Older, "2025-11-25", SessionBoundary.Handshake, 1)]
    [InlineData(Newer, "2026-07-28", SessionBoundary.Connection, 2)]
    public async Task Client_OverStdio_IsASessionForEachServerItStarts(string flavour, string version, SessionBoundary boundary, int servers)
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var store = new TaggedStore(redis.Configuration);

        var seen = await TalkAsync(npm, flavour, "npm-client", store.ServerCommand);

        // The newer client asks a server of its own for its revisions, and then starts the one it talks to. It kills the first
        // one a second after the answer: on a slow machine that is before the server has recorded the answer, or has closed the session.
        var sessions = await store.ClosedAsync(atLeast: 1);
        Assert.InRange(sessions.Count, 1, servers);
        Assert.All(sessions.SkipLast(1), probe => Assert.InRange(probe.FrameCount, probe.State == SessionState.Closed ? 2 : 0, 2));
        var session = sessions[^1];
        Assert.Equal((TransportType.Stdio, boundary), (session.TransportType, session.Boundary));
        Assert.Equal(("npm-client", "test-server", version), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));
        AssertSame(seen, await store.FramesAsync(session));
    }

    [Theory]
    [InlineData(Older, HttpServerSessionMode.Stateful, "2025-11-25", SessionBoundary.Handshake)]
    [InlineData(Older, HttpServerSessionMode.Stateless, "2025-11-25", SessionBoundary.Handshake)]
    [InlineData(Newer, HttpServerSessionMode.StatefulForInitializeClients, "2026-07-28", SessionBoundary.Correlated)]
    [InlineData(Newer, HttpServerSessionMode.Stateless, "2026-07-28", SessionBoundary.Correlated)]
    public async Task Client_ThroughTheRecorder_IsOneSessionWithEveryMessageOnce(string flavour, HttpServerSessionMode mode, string version, SessionBoundary boundary)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the kill of a Unix");
        var npm = NpmPackages.FolderOrSkip();
        await using var store = new TaggedStore(redis.Configuration);
        await using var server = await RecordedServer.StartAsync(mode);
        var (recorder, endpoint) = await RecorderProcess.StartBeforeAsync(server.Endpoint, "--redis", redis.Configuration, "--tag", store.Tag);
        await using var _ = recorder;

        var seen = await TalkAsync(npm, flavour, "alice", $"{endpoint}");

        recorder.Terminate();
        Assert.Equal(0, (await recorder.WaitAsync()).ExitCode);
        var session = Assert.Single(await store.ClosedAsync(atLeast: 1));
        Assert.Equal((TransportType.StreamableHttp, boundary), (session.TransportType, session.Boundary));
        Assert.Equal(("alice", "test-server", version), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));
        Assert.Equal(mode == HttpServerSessionMode.Stateful, session.TransportSessionId is not null);

        // Answers of the HTTP layer itself, such as that there is no stream to listen to, are no messages to a client.
        AssertSame(seen, (await store.FramesAsync(session)).FindAll(frame => !frame.Metadata.ContainsKey("http.status")));
    }

    [Theory]
    [InlineData(HttpServerSessionMode.Stateful)]
    [InlineData(HttpServerSessionMode.StatefulForInitializeClients)]
    [InlineData(HttpServerSessionMode.Stateless)]
    public async Task Inspector_OverHttpAndStdio_IsASessionEach(HttpServerSessionMode mode)
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var server = await RecordedServer.StartAsync(mode, use: Authentication.ByHeader);
        await using var store = new TaggedStore(redis.Configuration);
        var inspector = Path.Combine(npm, "node_modules", ".bin", "mcp-inspector");

        var overHttp = await NpmPackages.RunAsync(npm, inspector, "--cli", $"{server.Endpoint}", "--transport", "http", "--header", "X-Test-User: alice", "--method", "tools/list");
        var overStdio = await NpmPackages.RunAsync(npm, [inspector, "--cli", .. store.ServerCommand, "--method", "tools/list"]);

        var http = Assert.Single(await server.GetSessionsAsync());
        var stdio = (await store.ClosedAsync(atLeast: 1))[^1];
        Assert.Contains("\"echo\"", overHttp, StringComparison.Ordinal);
        Assert.Contains("\"echo\"", overStdio, StringComparison.Ordinal);
        AssertAskedOnce(await server.GetFramesAsync(http));
        AssertAskedOnce(await store.FramesAsync(stdio));
        Assert.Equal(http.ClientInfo?.Name, stdio.ClientInfo?.Name);
    }

    /// <summary>What it asked is there once, and everything that was asked was answered once.</summary>
    private static void AssertAskedOnce(List<MessageEnvelope> frames)
    {
        Assert.Single(frames, frame => frame.Method == "tools/list");
        var asked = frames.Where(frame => frame.Kind == MessageKind.Request).Select(frame => $"{frame.ExchangeId} {frame.RequestId}").Order(StringComparer.Ordinal);
        Assert.Equal(asked, frames.Where(frame => frame.Kind is MessageKind.Response or MessageKind.Error).Select(frame => $"{frame.ExchangeId} {frame.RequestId}").Order(StringComparer.Ordinal));
    }

    private static async Task<JsonObject> TalkAsync(string npm, string flavour, string name, params string[] server) => JsonNode.Parse(
        await NpmPackages.RunAsync(npm, [Path.Combine(AppContext.BaseDirectory, "npm-client.mjs"), flavour, name, .. server]))!.AsObject();

    /// <summary>The record holds what the client sent and received, each message once, and besides only how it asked for the version.</summary>
    private static void AssertSame(JsonObject seen, List<MessageEnvelope> frames)
    {
        var probe = frames.FirstOrDefault(frame => frame.Method == "server/discover");
        var rest = frames.Where(frame => probe is null || frame.RequestId != probe.RequestId || frame.ExchangeId != probe.ExchangeId).ToList();

        Assert.True(frames.Count - rest.Count is 0 or 2);
        Assert.Equal(Ordered(seen["sent"]!.AsArray()), Ordered(Of(rest, MessageDirection.ClientToServer)));
        Assert.Equal(Ordered(seen["received"]!.AsArray()), Ordered(Of(rest, MessageDirection.ServerToClient)));
    }

    private static IEnumerable<JsonNode?> Of(List<MessageEnvelope> frames, MessageDirection direction) =>
        frames.Where(frame => frame.Direction == direction).Select(frame => JsonNode.Parse(frame.Payload.Span));

    private static IEnumerable<string> Ordered(IEnumerable<JsonNode?> messages) => messages.Select(Canonical).Order(StringComparer.Ordinal);

    /// <summary>The same text for the same JSON, whatever the order of its members.</summary>
    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Canonical(member.Value)}"))}}}",
        JsonArray elements => $"[{string.Join(',', elements.Select(Canonical))}]",
        _ => node?.ToJsonString() ?? "null",
    };

    /// <summary>What a server process of one test wrote; gone when the test is.</summary>
    private sealed class TaggedStore(string configuration) : IAsyncDisposable
    {
        private readonly ServiceProvider _services = Provider(configuration);

        public string Tag { get; } = $"test-{Guid.NewGuid():N}";

        public string[] ServerCommand => ["dotnet", typeof(EchoTools).Assembly.Location, configuration, Tag];

        private ISessionStore Store => _services.GetRequiredService<ISessionStore>();

        /// <summary>The sessions, the oldest first, once there are as many and the newest is closed: an older one may be of a server that was killed.</summary>
        public async Task<List<Session>> ClosedAsync(int atLeast)
        {
            await Poll.UntilAsync(
                async () => await ListAsync() is var all && all.Count >= atLeast && all[^1].State == SessionState.Closed,
                "the servers have closed their sessions");
            return await ListAsync();
        }

        public async Task<List<MessageEnvelope>> FramesAsync(Session session) =>
            await Store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            foreach (var session in await ListAsync())
            {
                await Store.DeleteSessionAsync(session.Id);
            }

            await _services.DisposeAsync();
        }

        private async Task<List<Session>> ListAsync() =>
            await Store.ListSessionsAsync(new SessionFilter { Tags = [new SessionTag(Tag)] }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        private static ServiceProvider Provider(string configuration)
        {
            var services = new ServiceCollection();
            services.AddShadowcatSessions().UseRedis(configuration);
            return services.BuildServiceProvider();
        }
    }
}
