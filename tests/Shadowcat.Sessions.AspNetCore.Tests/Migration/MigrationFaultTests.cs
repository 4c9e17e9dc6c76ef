using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Stores that do some things and not others, clocks that are wrong, and records that nobody can read.</summary>
public sealed class MigrationFaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _storeClock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly RawClient _alice = new("alice");
    private readonly BreakableStore _store;

    private TestReplica _a = null!;
    private TestReplica _b = null!;

    public MigrationFaultTests() =>
        _store = new BreakableStore(new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromHours(1) }, timeProvider: _storeClock));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _a = await StartAsync();
        _b = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        _alice.Dispose();
    }

    [Fact]
    public async Task Store_ThatIsReadButNotWritten_ServesWhatBegan()
    {
        var session = await _alice.BeginAsync(_a);
        Advance(TimeSpan.FromMinutes(30));

        _store.Break(operation => operation == "TouchSession" ? new SessionLimitExceededException(operation, null, "maxmemory", "the server is full.") : null);

        Assert.Equal(HttpStatusCode.OK, await _alice.StatusAsync(_a, session));
        Assert.Equal(HttpStatusCode.OK, await _alice.StatusAsync(_b, session));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task Session_InUseWhereTheClockIsWrong_DoesNotExpire(int hours)
    {
        _clock.AdjustTime(_clock.GetUtcNow().AddHours(hours));
        var session = await _alice.BeginAsync(_a);

        for (var i = 0; i < 4; i++)
        {
            Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(HttpStatusCode.OK, await _alice.StatusAsync(_a, session));
        }
    }

    [Fact]
    public async Task Record_ThatNobodyCanRead_IsNoSessionElsewhere()
    {
        var session = await _alice.BeginAsync(_a);

        _store.Break(operation => operation == "GetSession" ? new SessionSerializationException(operation, null, "of a later version", 9) : null);

        // To be told that the store is away would have the client try for ever.
        Assert.Equal(HttpStatusCode.OK, await _alice.StatusAsync(_a, session));
        Assert.Equal(HttpStatusCode.NotFound, await _alice.StatusAsync(_b, session));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"migration/client","params":{"protocolVersion":"2025-11-25"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"migration/client","params":7}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"migration/client"}""")]
    public async Task ClientFrame_ThatNobodyCanRead_IsNotGuessed(string payload)
    {
        var session = await _alice.BeginAsync(_a);
        var record = (await _store.GetSessionAsync(TransportSessionIds.ToSessionId(session), Ct))!;
        await _store.DeleteSessionAsync(record.Id, Ct);
        await _store.CreateSessionAsync(record with { Generation = Guid.NewGuid() }, Ct);
        await _store.AddFrameAsync(
            new MessageEnvelope(record.Id, MessageDirection.Internal, TransportType.StreamableHttp, Encoding.UTF8.GetBytes(payload), _clock.GetUtcNow()), Ct);

        Assert.Equal(HttpStatusCode.NotFound, await _alice.StatusAsync(_b, session));
    }

    [Fact]
    public async Task Deleted_WhileTheEventsCouldNotBe_TakesThemAlongTheNextTime()
    {
        var session = await _alice.BeginAsync(_a);
        Assert.NotNull(await _store.GetSessionAsync(EventLog.IdOf(session), Ct));
        _store.Break(operation => operation == "DeleteSession" ? new SessionStoreUnavailableException(operation, null, "away.", outcomeUnknown: false) : null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await _alice.StatusAsync(_a, session, HttpMethod.Delete));
        _store.Break(null);

        Assert.Equal(HttpStatusCode.OK, await _alice.StatusAsync(_a, session, HttpMethod.Delete));

        Assert.Null(await _store.GetSessionAsync(EventLog.IdOf(session), Ct));
    }

    private Task<TestReplica> StartAsync() => TestReplica.StartAsync(_store, server =>
    {
        server.Services.AddSingleton(new MigratingSessions(_store, _clock));
        server.WithSessionEventStore();
    });

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        _storeClock.Advance(time);
    }
}
