using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.AspNetCore.Tests.Migration;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Mcp.Tests.Npm;

namespace Shadowcat.Sessions.AspNetCore.Tests.Conversations;

/// <summary>A conversation with a server that has no sessions is recorded as one, and two never as one.</summary>
public sealed class ConversationIdTests : IDisposable
{
    private readonly InMemorySessionStore _store = new();
    private readonly RawClient _nobody = new(user: null);
    private readonly RawClient _alice = new("alice");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _nobody.Dispose();
        _alice.Dispose();
    }

    [Fact]
    public async Task Conversations_OfOneAddressAndOneConnection_AreASessionEach()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var ids = new[] { await _nobody.BeginAsync(a), await _nobody.BeginAsync(a), await _nobody.BeginAsync(b) };

        for (var i = 0; i < 4; i++)
        {
            foreach (var id in ids)
            {
                // Whichever replica is asked, and whoever asked it before.
                Assert.Equal(HttpStatusCode.OK, (await _nobody.KnownAsync(i % 2 == 0 ? a : b, id)).Status);
                await a.DrainAsync();
                await b.DrainAsync();
            }
        }

        var sessions = await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal([10L, 10L, 10L], sessions.Select(session => session.FrameCount));
        Assert.All(sessions, session => Assert.Equal(("test-client", SessionBoundary.Correlated, null), (session.ClientInfo?.Name, session.Boundary, session.TransportSessionId)));
        Assert.DoesNotContain(sessions, session => ids.Any(id => $"{session.Id}{session.CorrelationKey}".Contains(id[^32..], StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Id_OfSomebodyElse_LeadsToAnotherSession()
    {
        await using var replica = await StartAsync();
        var id = await _alice.BeginAsync(replica);
        Assert.Equal(HttpStatusCode.OK, (await _nobody.KnownAsync(replica, id)).Status);

        await replica.DrainAsync();
        var sessions = await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(["", "alice"], sessions.Select(session => session.Owner?.Value ?? "").Order());
    }

    [Theory]
    [InlineData(true, 6L)]
    [InlineData(false, 2L, 2L, 2L)]
    public async Task RequestsWithoutAnId_AreRecordedAsBefore(bool usesAddresses, params long[] frames)
    {
        await using var replica = await StartAsync(server: server => server
            .WithSessionRecording(options => options.UsesClientAddresses = usesAddresses).WithConversationIds().WithTools<EchoTools>());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await _nobody.KnownAsync(replica, session: null)).Status);
        }

        await replica.DrainAsync();
        var sessions = await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(frames, sessions.Select(session => session.FrameCount));
    }

    [Fact]
    public async Task Id_ThatWasNotGiven_IsTheSdksToRefuse()
    {
        await using var replica = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await _nobody.StatusAsync(replica, "conversation-none"));
        Assert.Equal(HttpStatusCode.BadRequest, await _nobody.StatusAsync(replica, "of a server with sessions"));
    }

    [Fact]
    public async Task ServerWithSessions_GivesItsOwnIds()
    {
        await using var replica = await StartAsync(http => http.SessionMode = HttpServerSessionMode.Stateful);

        var id = await _nobody.BeginAsync(replica);

        Assert.False(id.StartsWith("conversation-", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await _nobody.KnownAsync(replica, id)).Status);
        await replica.DrainAsync();
        var session = Assert.Single(await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(SessionBoundary.Handshake, session.Boundary);
    }

    [Fact]
    public async Task Client_OfTheSdk_IsOneSession()
    {
        await using var replica = await StartAsync();
        await using (var client = await replica.ConnectAsync(user: null))
        {
            await client.ListToolsAsync(cancellationToken: Ct);
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.CallToolAsync("known", cancellationToken: Ct).AsTask()));
        }

        await replica.DrainAsync();
        var session = Assert.Single(await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(15, session.FrameCount);
    }

    [Theory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task Clients_OfNpmAndOfNobody_AreOneSessionEach(string flavour)
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var replica = await StartAsync();
        string[] names = ["one", "another"];

        var seen = await Task.WhenAll(names.Select(name => NpmPackages.RunAsync(npm, Path.Combine(AppContext.BaseDirectory, "npm-client.mjs"), flavour, name, $"{replica.Endpoint}")));

        await replica.DrainAsync();
        var sessions = await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(names.Order(), sessions.Select(session => session.ClientInfo?.Name).Order());
        var messages = seen.Select(text => JsonNode.Parse(text)!).Sum(text => text["sent"]!.AsArray().Count + text["received"]!.AsArray().Count);
        Assert.InRange(sessions.Sum(session => session.FrameCount), messages, messages + 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CorrelatorOfTheApplication_IsNotReplacedSilently(bool before)
    {
        static void Own(IMcpServerBuilder server) => server.Services.AddSingleton<ISessionCorrelator, OwnCorrelator>();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var replica = await StartAsync(server: server =>
            {
                if (before)
                {
                    Own(server);
                }

                server.WithConversationIds();
                if (!before)
                {
                    Own(server);
                }
            });
            await _nobody.BeginAsync(replica);
        });

        Assert.Contains(nameof(ISessionCorrelator), exception.Message, StringComparison.Ordinal);
    }

    private Task<TestReplica> StartAsync(Action<HttpServerTransportOptions>? http = null, Action<IMcpServerBuilder>? server = null) => TestReplica.StartAsync(
        _store,
        server ?? (builder => builder.WithSessionRecording().WithConversationIds().WithTools<EchoTools>()),
        http: http ?? (options => options.SessionMode = HttpServerSessionMode.Stateless),
        migrates: false);

    private sealed class OwnCorrelator : ISessionCorrelator
    {
        public SessionCorrelation Correlate(CorrelationContext context) => SessionCorrelation.Exchange;
    }
}
