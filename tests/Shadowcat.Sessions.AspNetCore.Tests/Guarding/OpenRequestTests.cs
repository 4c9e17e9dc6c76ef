using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>What becomes of requests that are served for long, such as the stream on which a client listens, while their session changes elsewhere.</summary>
public sealed class OpenRequestTests : TwoReplicaTest
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public OpenRequestTests() => Store = new BreakableStore(new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeToLive }, timeProvider: _clock));

    [Fact]
    public async Task Stream_OfASessionThatAnotherReplicaEnds_Ends()
    {
        var session = await Alice.BeginAsync(A);
        using var stream = await Alice.ListenAsync(B, session);
        var end = stream.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session, HttpMethod.Delete));
        _clock.Advance(OpenRequests.Interval);

        await end.WaitAsync(Poll.DefaultDeadline, Ct);
    }

    [Fact]
    public async Task Call_OfASessionThatAnotherReplicaEnds_Ends()
    {
        var session = await Alice.BeginAsync(A);
        using var call = await Alice.CallAsync(B, session, "steps");
        var end = call.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session, HttpMethod.Delete));
        _clock.Advance(OpenRequests.Interval);

        // The SDK cuts the answer off. Nothing else would have ended it: nobody opens the gate at which the tool waits.
        var exception = await Record.ExceptionAsync(() => end.WaitAsync(Poll.DefaultDeadline, Ct));
        Assert.True(exception is null or HttpRequestException, exception?.ToString());
    }

    [Fact]
    public async Task Stream_OfAnotherSession_GoesOn()
    {
        var ended = await Alice.BeginAsync(A);
        var session = await Alice.BeginAsync(A);
        using var first = await Alice.ListenAsync(B, ended);
        using var other = await Alice.ListenAsync(B, session);
        var (end, others) = (first.Content.ReadAsStringAsync(Ct), other.Content.ReadAsStringAsync(Ct));

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, ended, HttpMethod.Delete));
        _clock.Advance(OpenRequests.Interval);
        await end.WaitAsync(Poll.DefaultDeadline, Ct);

        Assert.False(others.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_WhileTheStoreIsAwayOrBroken_GoesOnAndEndsAfterwards(bool isAway)
    {
        var session = await Alice.BeginAsync(A);
        using var stream = await Alice.ListenAsync(B, session);
        var end = stream.Content.ReadAsStringAsync(Ct);
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(A, session, HttpMethod.Delete));

        var looks = 0;
        Store.Break(operation =>
        {
            Interlocked.Increment(ref looks);
            return isAway ? new SessionStoreUnavailableException(operation, null, "away.", outcomeUnknown: false) : new InvalidOperationException("a mistake");
        });
        _clock.Advance(OpenRequests.Interval);
        await Poll.UntilAsync(() => Task.FromResult(Volatile.Read(ref looks) > 0), "the store was asked");
        Assert.False(end.IsCompleted);

        Store.Break(null);
        await Poll.UntilAsync(
            () =>
            {
                // The look before may not have come to its end when the clock is moved for the first time.
                _clock.Advance(OpenRequests.Interval);
                return Task.FromResult(end.IsCompleted);
            },
            "the stream ends");
    }

    [Fact]
    public async Task Session_WhoseClientListensOnly_DoesNotExpire()
    {
        var session = await Alice.BeginAsync(A);
        using var stream = await Alice.ListenAsync(A, session);
        for (var i = 0; i < 6; i++)
        {
            var moved = _clock.GetUtcNow() + (TimeToLive / 2);
            _clock.Advance(TimeToLive / 2);
            await Poll.UntilAsync(async () => (await RecordAsync(session))?.LastActivity >= moved, "the deadline is moved");
        }

        stream.Dispose();
        _clock.Advance(TimeToLive * 2);
        Assert.Null(await RecordAsync(session));
    }

    [Fact]
    public async Task Stream_WhoseClientVanishedWithoutAWord_EndsAndSoDoesTheSession()
    {
        var session = await Alice.BeginAsync(A);
        using var stream = await Alice.ListenAsync(A, session);
        var end = stream.Content.ReadAsStringAsync(Ct);

        // Nothing says that nobody reads any more: the connection is open, and nothing is written to it.
        await PassAsync(TimeSpan.FromHours(3), session);
        Assert.False(end.IsCompleted);
        await PassAsync(TimeSpan.FromMinutes(50), session);
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("", await end.WaitAsync(Poll.DefaultDeadline, Ct));

        _clock.Advance(TimeToLive * 2);
        Assert.Null(await RecordAsync(session));
    }

    private async Task PassAsync(TimeSpan time, string session)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end;)
        {
            var moved = _clock.GetUtcNow() + TimeSpan.FromMinutes(10);
            _clock.Advance(TimeSpan.FromMinutes(10));
            await Poll.UntilAsync(async () => (await RecordAsync(session))?.LastActivity >= moved, "the deadline is moved");
        }
    }

    private ValueTask<Session?> RecordAsync(string session) => Store.GetSessionAsync(TransportSessionIds.ToSessionId(session), Ct);

    private protected override void Configure(IMcpServerBuilder server) => server.Services.AddSingleton(new MigratingSessions(Store, _clock));
}
