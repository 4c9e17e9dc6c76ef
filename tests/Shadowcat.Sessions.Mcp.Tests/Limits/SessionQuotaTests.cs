using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Mcp.Tests.Limits;

/// <summary>What a client may begin is counted by what the store has, and costs the store little to know.</summary>
public sealed class SessionQuotaTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_AtTheLimit_IsRefusedUntilTheStoreHasFewer()
    {
        var quota = Quota(new ClientLimits { MaxAnonymousSessions = 2 });
        var first = await BeginAsync(quota);
        await BeginAsync(quota);

        Assert.Equal("MaxAnonymousSessions", await quota.TryAddAsync(null, SessionId.New(), Ct));

        // Ended ones are kept, and count.
        await _store.CloseSessionAsync(first, cancellationToken: Ct);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("MaxAnonymousSessions", await quota.TryAddAsync(null, SessionId.New(), Ct));

        await _store.DeleteSessionAsync(first, Ct);
        Assert.Equal("MaxAnonymousSessions", await quota.TryAddAsync(null, SessionId.New(), Ct));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await quota.TryAddAsync(null, SessionId.New(), Ct));
    }

    [Fact]
    public async Task Add_OfOtherPrincipals_IsCountedApart()
    {
        var quota = Quota(new ClientLimits { MaxSessionsPerPrincipal = 1, MaxAnonymousSessions = 1 });
        SessionOwner?[] principals = [null, new("sub", "alice", "one"), new("sub", "alice", "another"), new("sub", "bob", "one")];

        foreach (var principal in principals)
        {
            Assert.Null(await quota.TryAddAsync(principal, (await _store.CreateSessionAsync(new Session(SessionId.New(), TransportType.StreamableHttp), Ct)).Id, Ct));
            Assert.NotNull(await quota.TryAddAsync(principal, SessionId.New(), Ct));
        }
    }

    [Fact]
    public async Task Add_OnceMore_IsTheSameSession()
    {
        var quota = Quota(new ClientLimits { MaxAnonymousSessions = 1 });
        var id = await BeginAsync(quota);

        Assert.Null(await quota.TryAddAsync(null, id, Ct));
    }

    [Fact]
    public async Task Add_WhereTheStoreIsFull_IsRefusedToAll()
    {
        var quota = Quota(new ClientLimits { MaxStoredSessions = 2 });
        await _store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), Ct);
        var mine = await BeginAsync(quota);

        Assert.Equal("MaxStoredSessions", await quota.TryAddAsync(null, SessionId.New(), Ct));
        await _store.DeleteSessionAsync(mine, Ct);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await quota.TryAddAsync(null, SessionId.New(), Ct));
    }

    [Fact]
    public async Task Add_ByManyAtOnce_NeverLetsMoreInThanMay()
    {
        var quota = Quota(new ClientLimits { MaxAnonymousSessions = 50 });

        var refused = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            var session = await _store.CreateSessionAsync(new Session(SessionId.New(), TransportType.StreamableHttp), Ct);
            return await Task.Run(async () => await quota.TryAddAsync(null, session.Id, Ct));
        }));

        Assert.Equal(50, refused.Count(limit => limit is null));
    }

    [Fact]
    public async Task Add_OfManyPrincipalsWhoseSessionsAreGone_KeepsNothingOfThem()
    {
        var quota = Quota(new ClientLimits { MaxSessionsPerPrincipal = 10, MaxAnonymousSessions = 10 });

        for (var i = 0; i < 1000; i++)
        {
            await quota.TryAddAsync(new SessionOwner("sub", $"{i}", "issuer"), SessionId.New(), Ct);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.InRange(quota.Counted, 0, 20);
    }

    [Theory]
    [InlineData(nameof(ClientLimits.MaxAnonymousFirstFrameBytes), 1023L)]
    [InlineData(nameof(ClientLimits.MaxAnonymousSessionBytes), 1L)]
    [InlineData(nameof(ClientLimits.MaxSessionsPerPrincipal), 0L)]
    [InlineData(nameof(ClientLimits.MaxAnonymousSessions), 1_000_001L)]
    [InlineData(nameof(ClientLimits.MaxStoredSessions), 0L)]
    public void Limits_OutOfBounds_AreRefused(string option, long value)
    {
        var limits = new ClientLimits();
        var property = typeof(ClientLimits).GetProperty(option)!;
        property.SetValue(limits, Convert.ChangeType(value, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));

        var exception = Assert.Throws<OptionsValidationException>(() => new SessionRecorder(_store, new SessionRecordingOptions { ClientLimits = limits }));

        Assert.Contains(option, exception.Message, StringComparison.Ordinal);
        Assert.Contains(option, Assert.Throws<OptionsValidationException>(() => Quota(limits)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quota_WithoutStoreOrLimits_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new SessionQuota(null!, new ClientLimits()));
        Assert.Throws<ArgumentNullException>(() => new SessionQuota(_store, null!));
    }

    private SessionQuota Quota(ClientLimits limits) => new(_store, limits, _clock);

    private async Task<SessionId> BeginAsync(SessionQuota quota)
    {
        var id = SessionId.New();
        Assert.Null(await quota.TryAddAsync(null, id, Ct));
        await _store.CreateSessionAsync(new Session(id, TransportType.StreamableHttp), Ct);
        return id;
    }
}
