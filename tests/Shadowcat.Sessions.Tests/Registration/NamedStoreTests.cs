using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Tests.Buffering;
using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>Several stores in one application that get into each other's way: what is meant for one reaches another.</summary>
public sealed class NamedStoreTests
{
    private static readonly string[] Names = ["", "a", "b"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stores_OfDifferentNames_HaveNothingInCommon()
    {
        var services = Services();
        services.AddShadowcatSessions(options => options.MaxFrameBytes = 1000).WithCaching(options => options.Capacity = 10);
        services.AddShadowcatSessions("a", options => options.MaxFrameBytes = 2000).WithCaching(options => options.Capacity = 20).WithDataProtection();
        services.AddShadowcatSessions("b").WithBuffering(options => options.MaxBufferedFrames = 30);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        provider.GetRequiredService<IStartupValidator>().Validate();
        var (plain, a, b) = (provider.GetRequiredService<ISessionStore>(), provider.GetRequiredKeyedService<ISessionStore>("a"), provider.GetRequiredKeyedService<ISessionStore>("b"));

        Assert.IsType<CachedSessionStore>(plain);
        Assert.IsType<CachedSessionStore>(a);
        Assert.Same(b, Assert.IsType<BufferedSessionStore>(provider.GetRequiredKeyedService<ISessionBuffer>("b")));
        Assert.Null(provider.GetService<ISessionBuffer>());
        Assert.Null(provider.GetKeyedService<ISessionBuffer>("a"));
        var stores = new[] { plain, a, b };
        var id = SessionId.New();
        foreach (var store in stores)
        {
            await store.CreateSessionAsync(new Session(id, TransportType.Stdio), Ct);
        }

        await a.AddFrameAsync(Make.Frame(id), Ct);
        await a.DeleteSessionAsync(id, Ct);
        var found = await Task.WhenAll(stores.Select(async store => await store.GetSessionAsync(id, Ct) is not null));
        var counts = await Task.WhenAll(stores.Select(async store => await store.CountSessionsAsync(Ct)));
        Assert.Equal([true, false, true], found);
        Assert.Equal([1, 0, 1], counts);
        Assert.Equal([1000, 2000, 4 * 1024 * 1024], Names.Select(provider.GetRequiredService<IOptionsMonitor<SessionStoreOptions>>().Get).Select(options => options.MaxFrameBytes));
        Assert.Equal([10, 20, 10_000], Names.Select(provider.GetRequiredService<IOptionsMonitor<CachedSessionStoreOptions>>().Get).Select(options => options.Capacity));
        Assert.Equal([100_000, 100_000, 30], Names.Select(provider.GetRequiredService<IOptionsMonitor<BufferedSessionStoreOptions>>().Get).Select(options => options.MaxBufferedFrames));
        await plain.CreateSessionAsync(Make.Session(), Ct);
        await Assert.ThrowsAsync<ArgumentException>(() => plain.AddFrameAsync(Make.Frame(id, new byte[1500]), Ct).AsTask());
    }

    [Fact]
    public async Task Store_InjectedByItsKey_IsThatOne()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddShadowcatSessions("a").WithBuffering();
        services.AddSingleton<Consumer>();
        await using var provider = services.BuildServiceProvider();

        var consumer = provider.GetRequiredService<Consumer>();

        Assert.IsType<InMemorySessionStore>(consumer.Plain);
        Assert.Same(consumer.Buffer, Assert.IsType<BufferedSessionStore>(consumer.Named));
    }

    [Fact]
    public async Task Store_WithANameOnly_LeavesNoneWithout()
    {
        await using var provider = new ServiceCollection().AddShadowcatSessions("a").Services.BuildServiceProvider();

        Assert.Null(provider.GetService<ISessionStore>());
        Assert.NotNull(provider.GetKeyedService<ISessionStore>("a"));
    }

    [Fact]
    public void AddShadowcatSessions_NameTwice_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions("a");

        var exception = Assert.Throws<InvalidOperationException>(() => services.AddShadowcatSessions("a", options => options.MaxFrameBytes = 1));

        Assert.StartsWith("A store named 'a' was registered before", exception.Message, StringComparison.Ordinal);
        Assert.Equal(4 * 1024 * 1024, services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<SessionStoreOptions>>().Get("a").MaxFrameBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379,password=secret")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public void AddShadowcatSessions_NoName_IsRefusedAndNotRepeated(string name)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddShadowcatSessions(name));

        Assert.Contains("1 to 64 letters", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseStore_OnceForEachName_AndNotTwice()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseStore(_ => new MinimalStore(new InMemorySessionStore()));
        var builder = services.AddShadowcatSessions("a").UseRedis("localhost:1");

        var exception = Assert.Throws<InvalidOperationException>(() => builder.UseStore(_ => new InMemorySessionStore()));
        Assert.StartsWith("UseRedis was called before", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => builder.UseRedis("localhost:2"));
    }

    [Fact]
    public void UseStore_OfNoRegisteredStore_IsRefused()
    {
        var builder = ShadowcatSessionsBuilder.For(new ServiceCollection(), "a");

        Assert.Contains("services.AddShadowcatSessions(\"a\")", Assert.Throws<InvalidOperationException>(() => builder.UseRedis("localhost:1")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => builder.WithCaching());
    }

    [Theory]
    [InlineData("unkeyed", "An ISessionStore")]
    [InlineData("keyed", "A keyed ISessionStore (other)")]
    [InlineData("same key", "A keyed ISessionStore (a)")]
    [InlineData("buffer", "A keyed ISessionBuffer (a)")]
    [InlineData("by type", "A keyed InMemorySessionStore (a)")]
    public async Task Stranger_BesideANamedStore_KeepsTheHostFromStarting(string what, string named)
    {
        foreach (var around in new Action<ShadowcatSessionsBuilder>[] { builder => builder.WithDataProtection(), builder => builder.WithCaching(), builder => builder.Decorate((_, store) => store) })
        {
            var own = new InMemorySessionStore();
            var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            var services = host.Services;
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
            around(services.AddShadowcatSessions("a"));
            services.AddShadowcatSessions("b").WithBuffering();
            _ = what switch
            {
                "unkeyed" => services.AddSingleton<ISessionStore>(own),
                "keyed" => services.AddKeyedSingleton<ISessionStore>("other", own),
                "same key" => services.AddKeyedSingleton<ISessionStore>("a", own),
                "buffer" => services.AddKeyedSingleton<ISessionBuffer>("a", (_, _) => new BufferedSessionStore(own)),
                _ => services.AddKeyedSingleton("a", own),
            };
            using var built = host.Build();

            var exception = await Assert.ThrowsAnyAsync<Exception>(() => built.StartAsync(Ct));

            Assert.Contains(named, exception.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OwnStore_RegisteredByTheKeyBefore_GoesInside()
    {
        var own = new InMemorySessionStore();
        var services = Services();
        services.AddKeyedSingleton<ISessionStore>("a", own);
        services.AddShadowcatSessions("a").WithDataProtection();
        services.AddShadowcatSessions().WithCaching();
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        var store = Assert.IsType<ProtectedSessionStore>(Assert.Single(provider.GetKeyedServices<ISessionStore>("a")));

        var session = await store.CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Create("nobody-may-see", "1") }, Ct);

        Assert.DoesNotContain("nobody-may-see", (await own.GetSessionAsync(session.Id, Ct))!.ClientInfo!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnStores_WithNothingAroundThem_StayBesideANamedOne()
    {
        var (plain, keyed) = (new InMemorySessionStore(), new InMemorySessionStore());
        var services = Services();
        services.AddSingleton<ISessionStore>(plain).AddKeyedSingleton<ISessionStore>("a", keyed);
        services.AddShadowcatSessions();
        services.AddShadowcatSessions("a");
        services.AddShadowcatSessions("b").WithDataProtection();
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Same(plain, provider.GetRequiredService<ISessionStore>());
        Assert.Same(keyed, provider.GetRequiredKeyedService<ISessionStore>("a"));
    }

    [Fact]
    public async Task Store_ByItsOwnTypeAndKey_IsHandedOutWhereNothingLiesAroundIt()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions("a").UseStore(_ => new MinimalStore(new InMemorySessionStore()));
        services.AddShadowcatSessions("b").UseStore(_ => new MinimalStore(new InMemorySessionStore())).Decorate((_, store) => store);
        await using var provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredKeyedService<ISessionStore>("a"), provider.GetRequiredKeyedService<MinimalStore>("a"));
        Assert.Contains("Decorate", Assert.Throws<InvalidOperationException>(() => provider.GetRequiredKeyedService<MinimalStore>("b")).Message, StringComparison.Ordinal);
        Assert.Null(provider.GetService<MinimalStore>());
    }

    [Fact]
    public async Task HealthChecks_OfEachStore_AreCalledByItsNameAndLookAtThatOne()
    {
        var ailing = new AilingStore();
        ailing.Ail(Ailment.Away);
        var services = new ServiceCollection().AddLogging();
        services.AddShadowcatSessions();
        services.AddShadowcatSessions("a").UseStore(_ => ailing);
        services.AddHealthChecks()
            .AddShadowcatSessions()
            .AddShadowcatSessions(storeName: "a", failureStatus: HealthStatus.Degraded)
            .AddShadowcatSessions(name: "mine", storeName: "a");
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);

        Assert.Equal(
            [("mine", HealthStatus.Unhealthy), ("shadowcat-sessions", HealthStatus.Healthy), ("shadowcat-sessions-a", HealthStatus.Degraded)],
            report.Entries.Select(entry => (entry.Key, entry.Value.Status)).Order());
    }

    [Fact]
    public async Task Buffers_OfEachStore_AreStoredWhenTheHostStops()
    {
        var (first, second) = (new AilingStore(), new AilingStore());
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddShadowcatSessions("a").UseStore(_ => first).WithBuffering(options => options.DrainTimeout = Poll.DefaultDeadline);
        host.Services.AddShadowcatSessions("b").UseStore(_ => second).WithBuffering(options => options.DrainTimeout = Poll.DefaultDeadline);
        using var built = host.Build();
        await built.StartAsync(Ct);
        var (a, b) = (built.Services.GetRequiredKeyedService<ISessionBuffer>("a"), built.Services.GetRequiredKeyedService<ISessionBuffer>("b"));
        first.Ail(Ailment.Away);
        second.Ail(Ailment.Away);
        var (inA, inB) = (a.AcceptSession(Make.Session()), b.AcceptSession(Make.Session()));

        var stopping = built.StopAsync(Ct);
        first.Ail(Ailment.None);
        await inA.Stored.WaitAsync(Poll.DefaultDeadline, Ct);
        Assert.False(inB.Stored.IsCompleted || stopping.IsCompleted);
        second.Ail(Ailment.None);
        await stopping;

        Assert.True(inB.Stored.IsCompletedSuccessfully);
        Assert.Equal((1, 1), (await first.Backend.CountSessionsAsync(Ct), await second.Backend.CountSessionsAsync(Ct)));
    }

    [Fact]
    public async Task Reapers_OfEachStore_RunAndTellTheListenersOfThatStore()
    {
        var clock = new FakeTimeProvider();
        var (ofPlain, ofA) = (new RecordingListener(), new RecordingListener());
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddSingleton<TimeProvider>(clock).AddSingleton<ISessionExpirationListener>(ofPlain).AddKeyedSingleton<ISessionExpirationListener>("a", ofA);
        host.Services.AddShadowcatSessions(options => options.TimeToLive = TimeSpan.FromMinutes(1));
        host.Services.AddShadowcatSessions("a", options => (options.TimeToLive, options.ReapInterval) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(7)));
        using var built = host.Build();
        await built.StartAsync(Ct);
        var inPlain = await built.Services.GetRequiredService<ISessionStore>().CreateSessionAsync(Make.Session(), Ct);
        var inA = await built.Services.GetRequiredKeyedService<ISessionStore>("a").CreateSessionAsync(Make.Session(), Ct);

        await Poll.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return Task.FromResult(ofPlain.Notified.Count > 0 && ofA.Notified.Count > 0);
            },
            "both reapers reclaim");

        Assert.Equal([inPlain.Id], ofPlain.Notified);
        Assert.Equal([inA.Id], ofA.Notified);
        await built.StopAsync(Ct);
    }

    private static ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }

    private sealed class Consumer(ISessionStore plain, [FromKeyedServices("a")] ISessionStore named, [FromKeyedServices("a")] ISessionBuffer buffer)
    {
        public ISessionStore Plain => plain;

        public ISessionStore Named => named;

        public ISessionBuffer Buffer => buffer;
    }
}
