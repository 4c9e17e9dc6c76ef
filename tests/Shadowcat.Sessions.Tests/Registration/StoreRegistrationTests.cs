using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>Protection that silently does nothing: whatever a registered service hands out goes through what was put around the store, or nothing starts and says why.</summary>
public sealed class StoreRegistrationTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Secret = "nobody-may-see";

    private readonly RedisFixture _redis = redis;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OwnStore_BeforeTheProtection_IsInsideIt(bool beforeSessions)
    {
        var own = new InMemorySessionStore();
        var services = Services();
        if (beforeSessions)
        {
            services.AddSingleton<ISessionStore>(own);
        }

        var builder = services.AddShadowcatSessions();
        if (!beforeSessions)
        {
            services.AddSingleton<ISessionStore>(_ => own);
        }

        builder.WithDataProtection().WithCaching();
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        var store = Assert.IsType<CachedSessionStore>(Assert.Single(provider.GetServices<ISessionStore>()));
        provider.GetRequiredService<IStartupValidator>().Validate();
        await AssertHiddenAsync(store, own);
    }

    [Fact]
    public async Task OwnStore_ByType_IsInsideAndDisposedOfWithTheProvider()
    {
        var services = Services();
        services.AddSingleton<ISessionStore, OwnStore>();
        services.AddShadowcatSessions().WithDataProtection();
        OwnStore own;
        await using (var provider = services.BuildServiceProvider())
        {
            Assert.IsType<ProtectedSessionStore>(provider.GetRequiredService<ISessionStore>());
            own = (OwnStore)provider.GetRequiredKeyedService<StoreStack>("").Innermost;
        }

        Assert.True(own.IsDisposed);
    }

    [Fact]
    public async Task OwnStore_WithNothingAroundIt_StaysTheStore()
    {
        var own = new InMemorySessionStore();
        var services = new ServiceCollection();
        services.AddSingleton<ISessionStore>(own);
        services.AddShadowcatSessions();
        await using var provider = services.BuildServiceProvider();

        Assert.Same(own, Assert.Single(provider.GetServices<ISessionStore>()));
    }

    public static TheoryData<string, string> Strangers { get; } = new()
    {
        { "after", "ISessionStore" },
        { "keyed before", "keyed ISessionStore (other)" },
        { "keyed after", "keyed ISessionStore (other)" },
        { "buffer", "ISessionBuffer" },
        { "redis by type", "RedisSessionStore" },
        { "memory by type", "InMemorySessionStore" },
        { "own by type", "OwnStore" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Stranger_BesideTheProtection_KeepsTheHostFromStarting(string what, string named)
    {
        foreach (var (around, name) in new (Action<ShadowcatSessionsBuilder>, string)[]
        {
            (builder => builder.WithDataProtection(), "WithDataProtection"),
            (builder => builder.WithBuffering(), "WithBuffering"),
            (builder => builder.WithCaching(), "WithCaching"),
        })
        {
            var own = new InMemorySessionStore();
            var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            var services = host.Services;
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
            if (what == "keyed before")
            {
                services.AddKeyedSingleton<ISessionStore>("other", own);
            }

            around(services.AddShadowcatSessions());
            _ = what switch
            {
                "after" => services.AddSingleton<ISessionStore>(own),
                "keyed after" => services.AddKeyedSingleton<ISessionStore>("other", own),
                "buffer" => services.AddSingleton<ISessionBuffer>(_ => new BufferedSessionStore(own)),
                "redis by type" => services.AddSingleton(_ => new RedisSessionStore(Lab.Connection)),
                "memory by type" => services.AddSingleton(own),
                "own by type" => services.AddSingleton<OwnStore>(),
                _ => services,
            };
            using var built = host.Build();

            var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => built.StartAsync(Ct));

            Assert.Contains(named, exception.Message, StringComparison.Ordinal);
            Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OwnStore_NotASingleton_IsRefused()
    {
        var services = Services();
        services.AddScoped<ISessionStore, OwnStore>();
        var builder = services.AddShadowcatSessions();

        Assert.Contains("Scoped", Assert.Throws<InvalidOperationException>(() => builder.WithDataProtection()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedisStore_ByItsOwnType_IsNotHandedOutAroundTheProtection()
    {
        var services = Services();
        services.AddShadowcatSessions().UseRedis("localhost:1").WithDataProtection();
        await using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<RedisSessionStore>);

        Assert.Contains("WithDataProtection", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ISessionStore", exception.Message, StringComparison.Ordinal);
        Assert.Null(provider.GetService<InMemorySessionStore>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Buffer_OfAProtectedStore_StoresNothingReadable(bool bufferFirst)
    {
        var services = Services();
        var builder = services.AddShadowcatSessions();
        _ = bufferFirst ? builder.WithCaching().WithBuffering().WithDataProtection() : builder.WithDataProtection().WithBuffering().WithCaching();
        builder.UseRedis(options => (options.Configuration, options.KeyPrefix) = (_redis.Configuration, Lab.Prefix));
        await using var provider = services.BuildServiceProvider();
        var (store, buffer) = (provider.GetRequiredService<ISessionStore>(), provider.GetRequiredService<ISessionBuffer>());
        var session = Make.Session() with { ClientInfo = Peer.Create(Secret, "1") };
        await buffer.AcceptSession(session).Stored;
        await buffer.AcceptFrame(Make.Frame(session.Id, Encoding.UTF8.GetBytes(Secret))).Stored;
        await buffer.AcceptFrames(session.Id, [Make.Frame(session.Id, Encoding.UTF8.GetBytes(Secret))]).Stored;

        await AssertHiddenAsync(store, Lab.Store());
        Assert.Equal(session.ClientInfo, (await store.GetSessionAsync(session.Id, Ct))!.ClientInfo);
        Assert.Equal(session.ClientInfo, (await buffer.GetKnownSessionAsync(session.Id, Ct))!.Session.ClientInfo);
        Assert.All(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), frame => Assert.Equal(Secret, Encoding.UTF8.GetString(frame.Payload.Span)));
        Assert.Equal(2, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public void UseRedis_OfASecondRegistration_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis("localhost:1");

        Assert.Contains("before", Assert.Throws<InvalidOperationException>(() => services.AddShadowcatSessions().UseRedis("localhost:2")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => services.AddShadowcatSessions().UseRedis(options => options.KeyPrefix = "b"));
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddShadowcatSessions().UseRedis("localhost:1").UseRedis("localhost:2"));
    }

    [Fact]
    public async Task UseRedis_ConnectionThenOptions_StaysWithTheConnection()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis(_ => Lab.Connection).UseRedis(options => options.KeyPrefix = Lab.Prefix);
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(0, await provider.GetRequiredService<ISessionStore>().CountSessionsAsync(Ct));
    }

    [Fact]
    public void UseRedis_BesideAnOwnStore_IsRefused()
    {
        var before = Services();
        before.AddSingleton<ISessionStore>(new InMemorySessionStore());
        Assert.Contains("UseRedis", Assert.Throws<InvalidOperationException>(() => before.AddShadowcatSessions().UseRedis("localhost:1")).Message, StringComparison.Ordinal);

        var after = Services();
        var builder = after.AddShadowcatSessions().UseRedis("localhost:1");
        after.AddSingleton<ISessionStore>(new InMemorySessionStore());
        Assert.Throws<InvalidOperationException>(() => builder.WithDataProtection());
    }

    private static ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }

    /// <summary>What is stored through the one is not readable in the other.</summary>
    private static async Task AssertHiddenAsync(ISessionStore store, ISessionStore stored)
    {
        var session = await store.CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Create(Secret, "1") }, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, Encoding.UTF8.GetBytes(Secret)), Ct);

        await foreach (var raw in stored.ListSessionsAsync(cancellationToken: Ct))
        {
            Assert.DoesNotContain(Secret, raw.ClientInfo!.Json, StringComparison.Ordinal);
            Assert.All(
                await stored.GetFramesAsync(raw.Id, cancellationToken: Ct).ToListAsync(Ct),
                frame => Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(frame.Payload.Span), StringComparison.Ordinal));
        }

        Assert.Equal(Secret, Encoding.UTF8.GetString((await store.GetFramesAsync(session.Id, cancellationToken: Ct).SingleAsync(Ct)).Payload.Span));
    }

    private sealed class OwnStore : ForwardingStore, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;

        protected override ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call) => call();
    }
}
