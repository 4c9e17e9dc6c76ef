using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Stores that do some things and not others, clocks that are wrong, and records that nobody can read.</summary>
public sealed class MigrationFaultTests : TwoReplicaTest
{
    private readonly FakeTimeProvider _storeClock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public MigrationFaultTests() =>
        Store = new BreakableStore(new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromHours(1) }, timeProvider: _storeClock));

    [Fact]
    public async Task Store_ThatIsReadButNotWritten_ServesWhatBegan()
    {
        var session = await Alice.BeginAsync(A);
        Advance(TimeSpan.FromMinutes(30));

        Store.Break(operation => operation == "TouchSession" ? new SessionLimitExceededException(operation, null, "maxmemory", "the server is full.") : null);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session));
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task Session_InUseWhereTheClockIsWrong_DoesNotExpire(int hours)
    {
        _clock.AdjustTime(_clock.GetUtcNow().AddHours(hours));
        var session = await Alice.BeginAsync(A);

        for (var i = 0; i < 4; i++)
        {
            Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session));
        }
    }

    [Fact]
    public async Task Record_ThatNobodyCanRead_IsNoSessionElsewhere()
    {
        var session = await Alice.BeginAsync(A);

        Store.Break(operation => operation == "GetSession" ? new SessionSerializationException(operation, null, "of a later version", 9) : null);

        // With 503, the client would try for ever.
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session));
        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"migration/client","params":{"protocolVersion":"2025-11-25"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"migration/client","params":7}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"migration/client"}""")]
    public async Task ClientFrame_ThatNobodyCanRead_IsNotGuessed(string payload)
    {
        var session = await Alice.BeginAsync(A);
        var record = (await Store.GetSessionAsync(TransportSessionIds.ToSessionId(session), Ct))!;
        await Store.DeleteSessionAsync(record.Id, Ct);
        await Store.CreateSessionAsync(record with { Generation = Guid.NewGuid() }, Ct);
        await Store.AddFrameAsync(
            new MessageEnvelope(record.Id, MessageDirection.Internal, TransportType.StreamableHttp, Encoding.UTF8.GetBytes(payload), _clock.GetUtcNow()), Ct);

        Assert.Equal(HttpStatusCode.NotFound, await Alice.StatusAsync(B, session));
    }

    [Fact]
    public async Task Deleted_WhileTheEventsCouldNotBe_TakesThemAlongTheNextTime()
    {
        var session = await Alice.BeginAsync(A);
        Assert.NotNull(await Store.GetSessionAsync(EventLog.IdOf(session), Ct));
        Store.Break(operation => operation == "DeleteSession" ? new SessionStoreUnavailableException(operation, null, "away.", outcomeUnknown: false) : null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Alice.StatusAsync(A, session, HttpMethod.Delete));
        Store.Break(null);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session, HttpMethod.Delete));

        Assert.Null(await Store.GetSessionAsync(EventLog.IdOf(session), Ct));
    }

    private protected override void Configure(IMcpServerBuilder server)
    {
        server.Services.AddSingleton(new MigratingSessions(Store, _clock));
        server.WithSessionEventStore();
    }

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        _storeClock.Advance(time);
    }
}
