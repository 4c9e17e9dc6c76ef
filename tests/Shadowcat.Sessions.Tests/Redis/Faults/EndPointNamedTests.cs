using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Errors and logs of a connection that do not say of which: each names the end point and what to look at.</summary>
public sealed class EndPointNamedTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NobodyListens_WhateverIsCalled_NamesTheEndPointAndWhatToLookAt()
    {
        var place = $"127.0.0.1:{LoopbackPort.NextFree()}";
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = place, OperationTimeout = TimeSpan.FromSeconds(2), BreakerEnabled = false });

        foreach (var call in Calls(store))
        {
            var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(call);
            Assert.Contains(place, exception.Message, StringComparison.Ordinal);
            Assert.Contains("check host and port", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ServerGone_WhateverIsCalledAndLogged_NamesTheEndPoint()
    {
        using var log = new CollectingLogger();
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = server.Configuration, OperationTimeout = TimeSpan.FromSeconds(1), BreakerFailures = 5 }, logger: log.For<RedisSessionStore>());
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await server.StopAsync();

        await Poll.UntilAsync(
            async () =>
            {
                foreach (var call in Calls(store, session.Id))
                {
                    Assert.Contains(server.Configuration, (await Assert.ThrowsAnyAsync<SessionStoreException>(call)).Message, StringComparison.Ordinal);
                }

                return log.Entries.Any(entry => entry.Id.Name == "OutageBegan");
            },
            "the circuit is open");
        var refused = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        await server.StartAsync();
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "OutageEnded")), "the server is found again");

        Assert.Contains("the circuit is open", refused.Message, StringComparison.Ordinal);
        Assert.All(log.Entries.Where(entry => entry.Id.Name is "OutageBegan" or "OutageEnded"), entry => Assert.Contains(server.Configuration, entry.Text, StringComparison.Ordinal));
        Assert.Contains("Check whether it runs", Assert.Single(log.Entries, entry => entry.Id.Name == "OutageBegan").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_Refused_NamesTheEndPoint()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--requirepass", "right");
        var place = server.Configuration.Split(',')[0];
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = $"{place},password=wrong" });

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.AddFrameAsync(Make.Frame(SessionId.New()), Ct).AsTask());

        Assert.Contains($"the server {place} refused the credentials", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoAnswer_ToAnAppend_NamesTheEndPoint()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        using var proxy = new HoldingProxy(server.Configuration);
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = proxy.Configuration, OperationTimeout = TimeSpan.FromSeconds(1), BreakerEnabled = false });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        proxy.Hold();

        foreach (var call in Calls(store, session.Id))
        {
            Assert.Contains(proxy.Configuration, (await Assert.ThrowsAsync<SessionTimeoutException>(call)).Message, StringComparison.Ordinal);
        }

        proxy.Release();
    }

    [Fact]
    public async Task ServerGone_BehindABuffer_IsLoggedWithItsEndPointAndWithoutASession()
    {
        using var log = new CollectingLogger();
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration, OperationTimeout = TimeSpan.FromSeconds(1) });
        await using var buffered = new BufferedSessionStore(store, new BufferedSessionStoreOptions { DrainTimeout = TimeSpan.Zero }, logger: log.For<BufferedSessionStore>());
        var session = await buffered.CreateSessionAsync(Make.Session(), Ct);
        await server.StopAsync();

        buffered.AcceptFrame(Make.Frame(session.Id));
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "OutageBegan")), "the outage is noticed");

        var entry = Assert.Single(log.Entries, entry => entry.Id.Name == "OutageBegan");
        Assert.Contains(server.Configuration, entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(session.Id.Value, entry.Text, StringComparison.Ordinal);
    }

    private static Func<Task>[] Calls(RedisSessionStore store, SessionId? session = null)
    {
        var id = session ?? SessionId.New();
        return
        [
            () => store.GetSessionAsync(id, Ct).AsTask(),
            () => store.AddFrameAsync(Make.Frame(id), Ct).AsTask(),
            () => store.AddFramesAsync(id, [Make.Frame(id), Make.Frame(id)], Ct).AsTask(),
            () => store.CountSessionsAsync(Ct).AsTask(),
            () => store.GetFramesAsync(id, cancellationToken: Ct).CountAsync(Ct).AsTask(),
        ];
    }
}
