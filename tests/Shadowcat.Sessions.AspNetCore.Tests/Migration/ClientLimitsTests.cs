using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>What clients can make a server keep is bounded, and who is refused takes nothing from the others.</summary>
public sealed class ClientLimitsTests : IDisposable
{
    private readonly InMemorySessionStore _store = new();
    private readonly RawClient _nobody = new(user: null);
    private readonly RawClient _alice = new("alice");
    private readonly RawClient _bob = new("bob");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _nobody.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task Initialize_OfNobodyWithMuchToSay_KeepsNothing()
    {
        await using var replica = await StartAsync();
        var capabilities = Capabilities(100_000);

        using var refused = await _nobody.InitializeAsync(replica, capabilities: capabilities);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(1, await IdOfAsync(refused));
        Assert.False(refused.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(0, await _store.CountSessionsAsync(Ct));
        await _alice.BeginAsync(replica, capabilities: capabilities);
    }

    [Fact]
    public async Task Sessions_OfNobody_AreBoundedAndTheOthersGoOn()
    {
        using var counted = new Counts();
        await using var replica = await StartAsync(limits => limits.MaxAnonymousSessions = 3);
        var sessions = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await _nobody.BeginAsync(replica));
        }

        using var refused = await _nobody.InitializeAsync(replica);
        Assert.Equal((HttpStatusCode.TooManyRequests, 1L), (refused.StatusCode, await IdOfAsync(refused)));
        Assert.Contains("MaxAnonymousSessions", counted.Refused);
        await _alice.BeginAsync(replica);
        Assert.Equal(HttpStatusCode.OK, await _nobody.StatusAsync(replica, sessions[0]));

        // A session that the store no longer has does not count.
        await _store.DeleteSessionAsync(TransportSessionIds.ToSessionId(sessions[0]), Ct);
        await Poll.UntilAsync(
            async () =>
            {
                using var again = await _nobody.InitializeAsync(replica);
                return again.StatusCode == HttpStatusCode.OK;
            },
            "there is room again");
    }

    [Fact]
    public async Task Sessions_OfOnePrincipal_AreBoundedAndThoseOfAnotherAreNot()
    {
        await using var replica = await StartAsync(limits => limits.MaxSessionsPerPrincipal = 2);
        await _alice.BeginAsync(replica);
        await _alice.BeginAsync(replica);

        using var refused = await _alice.InitializeAsync(replica);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await _bob.BeginAsync(replica);
        await _nobody.BeginAsync(replica);
    }

    [Fact]
    public async Task Sessions_OfTheStore_AreBounded()
    {
        await using var replica = await StartAsync(limits => limits.MaxStoredSessions = 2);
        var session = await _alice.BeginAsync(replica);
        await _bob.BeginAsync(replica);

        using var refused = await _alice.InitializeAsync(replica);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await _alice.StatusAsync(replica, session));
    }

    [Fact]
    public async Task Recording_OfNobody_KeepsOnlyTheBeginningOfTheFirstMessage()
    {
        await using var replica = await TestReplica.StartAsync(_store, server => server.WithSessionRecording(), migrates: false);

        using (var answer = await _nobody.InitializeAsync(replica, capabilities: Capabilities(1_000_000)))
        {
            Assert.Contains("serverInfo", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        await replica.DrainAsync();
        var session = Assert.Single(await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        var first = await _store.GetFramesAsync(session.Id, cancellationToken: Ct).FirstAsync(Ct);
        Assert.Equal((64 * 1024, "initialize", MessageFlags.Truncated), (first.Payload.Length, first.Method, first.Flags));
    }

    [Fact]
    public async Task Recording_OfNobodysSessions_IsBoundedInNumberAndBytesAndTheConversationsGoOn()
    {
        using var counted = new Counts();
        await using var replica = await TestReplica.StartAsync(
            _store,
            server => server.WithSessionRecording(options => options.ClientLimits = new ClientLimits
            {
                MaxAnonymousSessions = 2,
                MaxAnonymousFirstFrameBytes = 1024,
                MaxAnonymousSessionBytes = 1024,
            }),
            migrates: false);

        for (var i = 0; i < 5; i++)
        {
            using var answer = await _nobody.InitializeAsync(replica, capabilities: Capabilities(2000));
            Assert.Contains("serverInfo", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        using (var alices = await _alice.InitializeAsync(replica, capabilities: Capabilities(2000)))
        {
            Assert.Contains("serverInfo", await alices.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        await replica.DrainAsync();
        var sessions = await _store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal([1L, 1L], sessions.Where(session => session.Owner is null).Select(session => session.FrameCount));
        Assert.Equal(2, Assert.Single(sessions, session => session.Owner is not null).FrameCount);
        Assert.Equal(8, replica.Get<SessionRecorder>().DroppedMessages);
        Assert.Contains("MaxAnonymousSessions", counted.Refused);
    }

    [Fact]
    public async Task Limits_OutOfBounds_StopTheHost()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(limits => limits.MaxAnonymousSessions = 0));

        Assert.Contains("MaxAnonymousSessions is 0 sessions", exception.Message, StringComparison.Ordinal);
    }

    private static string Capabilities(int length) => """{"experimental":{"x":{"y":"LONG"}}}""".Replace("LONG", new string('x', length), StringComparison.Ordinal);

    private static async Task<long> IdOfAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!["id"]!.GetValue<long>();

    private Task<TestReplica> StartAsync(Action<ClientLimits>? limits = null) =>
        TestReplica.StartAsync(_store, server => server.WithSessionMigration().Services.Configure(limits ?? (static _ => { })), migrates: false);

    private sealed class Counts : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Counts()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "shadowcat.sessions.client.refused")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Refused.Enqueue((string)tags[0].Value!));
            _listener.Start();
        }

        public System.Collections.Concurrent.ConcurrentQueue<string> Refused { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
