using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Any replica goes on with any session: for its owner only, with its version, and never with one that was ended.</summary>
public sealed class SessionMigrationTests : TwoReplicaTest
{
    private readonly RawClient _nobody = new(user: null);

    public override ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    public async Task Owner_AtAnotherReplica_GoesOnWithWhatWasAgreed(string version)
    {
        var session = await Alice.BeginAsync(A, version);

        // A client of the oldest revision does not name the version any more.
        var sent = version == "2025-03-26" ? null : version;
        Assert.Equal((HttpStatusCode.OK, $"alice test-client {version} elicitation"), await Alice.KnownAsync(B, session, sent));
        Assert.Equal((HttpStatusCode.OK, $"alice test-client {version} elicitation"), await Alice.KnownAsync(A, session, sent));
    }

    [Fact]
    public async Task Owner_WhoAskedForAnotherVersion_GoesOnWithTheOneThatWasAnswered()
    {
        var session = await Alice.BeginAsync(A, "1999-12-31", "{}");

        Assert.Equal((HttpStatusCode.OK, "alice test-client 2025-11-25 -"), await Alice.KnownAsync(B, session, version: null));
        var record = await RecordAsync(session);
        Assert.Equal(("1999-12-31", "2025-11-25"), (record.VersionState!.Requested, record.VersionState.Negotiated));
        Assert.Equal(("test-client", "test-server", "alice", TransportSessionIds.ToRecordedText(session)), (record.ClientInfo!.Name, record.ServerInfo!.Name, record.Owner!.Value, record.TransportSessionId));
    }

    [Fact]
    public async Task Owner_WhoNamesAnotherVersion_IsAnsweredAsByTheSdkAloneWhereTheSessionIsAndSpoilsNothing()
    {
        await using var alone = await TestReplica.StartAsync(Store, http: http => http.SessionMode = HttpServerSessionMode.Stateful, migrates: false);
        var session = await Alice.BeginAsync(A);
        var sdks = await Alice.BeginAsync(alone);

        foreach (var version in new[] { "2025-03-26", "2025-06-18", "1999-12-31" })
        {
            var (expected, known) = await Alice.KnownAsync(alone, sdks, version);
            Assert.Equal((expected, known), await Alice.KnownAsync(A, session, version));
            await using var c = await TestReplica.StartAsync(Store);
            Assert.Equal(HttpStatusCode.BadRequest, (await Alice.KnownAsync(c, session, version)).Status);
            foreach (var replica in new[] { A, c })
            {
                Assert.Equal((HttpStatusCode.OK, "alice test-client 2025-11-25 elicitation"), await Alice.KnownAsync(replica, session));
            }

            Assert.Equal((expected, known), await Alice.KnownAsync(c, session, version));
        }
    }

    [Fact]
    public async Task Owner_WithManyCallsAtOnce_GoesOnWithAll()
    {
        var session = await Alice.BeginAsync(A);

        var known = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Alice.KnownAsync(B, session)));

        Assert.All(known, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task OthersAndNobody_WhoNameTheSession_GetNotFound()
    {
        var session = await Alice.BeginAsync(A);

        foreach (var other in new[] { Bob, _nobody })
        {
            foreach (var replica in new[] { A, B })
            {
                Assert.Equal(HttpStatusCode.NotFound, await other.StatusAsync(replica, session));
                Assert.Equal(HttpStatusCode.NotFound, await other.StatusAsync(replica, session, HttpMethod.Get));
                Assert.Equal(await other.StatusAsync(replica, "none", HttpMethod.Delete), await other.StatusAsync(replica, session, HttpMethod.Delete));
            }
        }

        Assert.NotEqual(SessionState.Closed, (await RecordAsync(session)).State);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session));
        Assert.Equal(HttpStatusCode.NotFound, await Bob.StatusAsync(B, session));
    }

    [Fact]
    public async Task Nobody_WithASessionOfNobody_GoesOnAndAliceDoesNot()
    {
        var session = await _nobody.BeginAsync(A);

        Assert.Equal(HttpStatusCode.OK, await _nobody.StatusAsync(B, session));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Deleted_AtWhicheverReplica_IsGoneAtAll(bool atA, bool wasAtB)
    {
        var session = await Alice.BeginAsync(A);
        if (wasAtB)
        {
            Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session));
        }

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(atA ? A : B, session, HttpMethod.Delete));

        foreach (var replica in new[] { A, B, A })
        {
            Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(replica, session));
            Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(replica, session, HttpMethod.Get));
            Assert.Equal(HttpStatusCode.NotFound, await Bob.StatusAsync(replica, session));
        }

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session, HttpMethod.Delete));
        var record = await RecordAsync(session);
        Assert.Equal((SessionState.Closed, SessionStatus.Completed), (record.State, record.Status));
    }

    [Fact]
    public async Task Deleted_BeforeTheBodyOfARequestCame_IsNotTakenOver()
    {
        var session = await Alice.BeginAsync(A);
        var calls = Store.Calls;
        var deleted = new TaskCompletionSource();
        var slow = Alice.StatusOfSlowCallAsync(B, session, deleted.Task);
        await Poll.UntilAsync(() => Task.FromResult(Store.Calls > calls), "the request was let in");

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session, HttpMethod.Delete));
        deleted.SetResult();

        Assert.Equal(HttpStatusCode.NotFound, await slow);
    }

    [Fact]
    public async Task Ended_ByTheOperator_IsGoneAtAll()
    {
        var closed = await Alice.BeginAsync(A);
        var deleted = await Alice.BeginAsync(A);
        await Store.CloseSessionAsync(TransportSessionIds.ToSessionId(closed), SessionStatus.Failed, cancellationToken: Ct);
        await Store.DeleteSessionAsync(TransportSessionIds.ToSessionId(deleted), Ct);

        foreach (var session in new[] { closed, deleted })
        {
            Assert.Equal(HttpStatusCode.NotFound, await Bob.StatusAsync(A, session));
            Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(A, session));
            Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
        }
    }

    [Fact]
    public async Task Initialize_OnceMoreInTheSession_IsTheSameSession()
    {
        await using var client = await A.ConnectAsync("alice");
        var handler = A.Get<ISessionMigrationHandler>();
        var context = new DefaultHttpContext();
        context.Features.Set(new GuardedRequest());

        await handler.OnSessionInitializedAsync(context, client.SessionId!, new InitializeRequestParams
        {
            ProtocolVersion = "2025-11-25",
            Capabilities = new(),
            ClientInfo = new Implementation { Name = "somebody else", Version = "2" },
        }, Ct);

        var record = await RecordAsync(client.SessionId!);
        Assert.Equal(("test-client", "alice"), (record.ClientInfo!.Name, record.Owner!.Value));
    }

    [Fact]
    public async Task Unidentified_User_IsRefused()
    {
        await using var replica = await TestReplica.StartAsync(Store, use: application => application.Use((context, next) =>
        {
            context.User = new(new System.Security.Claims.ClaimsIdentity([new("name", "alice")], "test", "name", "role"));
            return next();
        }));

        var nobodys = await _nobody.BeginAsync(A);

        using var response = await _nobody.InitializeAsync(replica);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await _nobody.StatusAsync(replica, nobodys));
    }

    [Fact]
    public async Task Store_Away_IsNoEndForWhatIsHere()
    {
        var session = await Alice.BeginAsync(A);

        Store.TakeAway();

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session));
        Assert.Equal(HttpStatusCode.Forbidden, await Bob.StatusAsync(A, session));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Alice.StatusAsync(B, session));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Alice.StatusAsync(A, session, HttpMethod.Delete));
        using (var response = await Alice.InitializeAsync(A))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        }

        Store.Break(null);
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session));
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session, HttpMethod.Delete));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
    }

    [Fact]
    public async Task Version_ThatCouldNotBeStored_IsNotGuessed()
    {
        Store.Break(operation => operation == "UpdateSession" ? new SessionStoreUnavailableException(operation, null, "away.", outcomeUnknown: false) : null);
        var session = await Alice.BeginAsync(A);
        Store.Break(null);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
    }

    [Fact]
    public async Task ClientFrame_Trimmed_IsNotGuessed()
    {
        var session = await Alice.BeginAsync(A);
        await Store.DeleteFramesAsync(TransportSessionIds.ToSessionId(session), cancellationToken: Ct);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
    }

    [Fact]
    public async Task Client_WithTooLargeCapabilities_IsRefused()
    {
        using var response = await Alice.InitializeAsync(A, capabilities: """{"experimental":{"x":{"y":"LONG"}}}""".Replace("LONG", new string('x', 300_000), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Client_OfTheRevisionWithoutSessions_IsServedWithoutOne()
    {
        await using var client = await A.ConnectAsync("alice", "2026-07-28");

        await client.CallToolAsync("known", cancellationToken: Ct);

        Assert.Null(client.SessionId);
        Assert.Equal(0, await Store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Endpoints_WithFiltersAndOfAStatelessServer_AreGuarded()
    {
        await using var replica = await TestReplica.StartAsync(
            Store,
            map: endpoints => endpoints.AddEndpointFilter((context, next) => next(context)).WithDisplayName("mine"),
            http: options => options.SessionMode = HttpServerSessionMode.Stateless);
        var session = await Alice.BeginAsync(replica);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session));
        Assert.Equal(HttpStatusCode.NotFound, await Bob.StatusAsync(replica, session));
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session, HttpMethod.Delete));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(replica, session));
    }

    [Fact]
    public async Task Handler_WithoutTheGuard_AllowsNothing()
    {
        var session = await Alice.BeginAsync(A);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await B.Get<ISessionMigrationHandler>().AllowSessionMigrationAsync(new DefaultHttpContext(), session, Ct));
    }

    [Fact]
    public async Task Session_InUse_DoesNotExpireAndAnIdleOneDoes()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var store = new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromHours(1) }, timeProvider: clock);
        await using var replica = await TestReplica.StartAsync(store, server => server.Services.AddSingleton(new MigratingSessions(store, clock)));
        var session = await Alice.BeginAsync(replica);
        for (var i = 0; i < 4; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(replica, session));
        }

        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(replica, session));
    }

    private async Task<Session> RecordAsync(string session) => (await Store.GetSessionAsync(TransportSessionIds.ToSessionId(session), Ct))!;
}
