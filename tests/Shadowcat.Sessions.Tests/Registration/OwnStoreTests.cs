using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>A store and decorators of the application's own, with what this library puts around and inside of them.</summary>
public sealed class OwnStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UseStore_WithNothingAroundIt_IsTheStoreAndCanBeAskedForByItsType()
    {
        await using var provider = new ServiceCollection().AddShadowcatSessions().UseStore(_ => new MinimalStore(new InMemorySessionStore())).Services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<MinimalStore>(), Assert.Single(provider.GetServices<ISessionStore>()));
    }

    [Fact]
    public async Task UseStore_WithEncryption_IsInsideOfItAndHandedOutByNobody()
    {
        var own = new InMemorySessionStore();
        await using var provider = Services().AddShadowcatSessions().WithDataProtection().UseStore(_ => new MinimalStore(own)).Services.BuildServiceProvider();
        var store = provider.GetRequiredService<ISessionStore>();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, "secret"u8.ToArray()), Ct);

        var stored = Assert.Single(await own.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(-1, stored.Payload.Span.IndexOf("secret"u8));
        Assert.Equal("secret"u8.ToArray(), Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct)).Payload.ToArray());
        Assert.Contains("WithDataProtection", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<MinimalStore>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseStore_BesideAnotherChoice_IsRefused()
    {
        var builder = new ServiceCollection().AddShadowcatSessions().UseStore(_ => new MinimalStore(new InMemorySessionStore()));

        Assert.Contains("UseStore was called before", Assert.Throws<InvalidOperationException>(() => builder.UseRedis("localhost")).Message, StringComparison.Ordinal);
        Assert.Contains("UseStore was called before", Assert.Throws<InvalidOperationException>(() => builder.UseStore(_ => new InMemorySessionStore())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WithCaching", "does not notify of changes")]
    [InlineData("WithBuffering", "cannot distinguish a repeated append from a new one")]
    public async Task UseStore_ThatLacksWhatLiesAroundIt_SaysWhatIsMissing(string around, string missing)
    {
        var builder = new ServiceCollection().AddShadowcatSessions().UseStore(_ => new MinimalStore(new InMemorySessionStore()));
        _ = around == "WithCaching" ? builder.WithCaching() : builder.WithBuffering();
        await using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<ArgumentException>(provider.GetRequiredService<ISessionStore>);
        Assert.Contains($"MinimalStore {missing}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decorate_Twice_IsOutermostInItsOrderAndDisposedOfWithTheProvider()
    {
        var builder = Services().AddShadowcatSessions();
        Tagged inside = null!, outside = null!;
        builder.Decorate((_, store) => inside = new Tagged(store)).WithCaching().WithDataProtection().WithBuffering().Decorate((_, store) => outside = new Tagged(store));
        await using (var provider = builder.Services.BuildServiceProvider())
        {
            var store = Assert.Single(provider.GetServices<ISessionStore>());
            Assert.Same(outside, store);
            Assert.Same(inside, outside.Inside);
            Assert.IsType<CachedSessionStore>(inside.Inside);
        }

        Assert.True(inside.IsDisposed && outside.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Decorate_AroundABuffer_IsPassedByOnlyWhereItSaysSo(bool handsOutBuffer)
    {
        await using var provider = new ServiceCollection().AddShadowcatSessions().WithBuffering().Decorate((_, store) => new Tagged(store) { HandsOutBuffer = handsOutBuffer })
            .Services.BuildServiceProvider();

        if (handsOutBuffer)
        {
            Assert.IsType<BufferedSessionStore>(provider.GetRequiredService<ISessionBuffer>());
        }
        else
        {
            var exception = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<ISessionBuffer>);
            Assert.Contains("override GetService", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Decorate_StrangerBesideIt_KeepsTheHostFromStarting()
    {
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddShadowcatSessions().Decorate((_, store) => new Tagged(store));
        host.Services.AddSingleton<ISessionStore>(new InMemorySessionStore());
        using var built = host.Build();

        Assert.Contains("Decorate", (await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => built.StartAsync(Ct))).Message, StringComparison.Ordinal);
    }

    private static ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }

    private sealed class Tagged(ISessionStore inner) : DelegatingSessionStore(inner), IDisposable
    {
        public bool HandsOutBuffer { get; init; }

        public bool IsDisposed { get; private set; }

        public ISessionStore Inside => InnerStore;

        public override object? GetService(Type serviceType) =>
            base.GetService(serviceType) ?? (HandsOutBuffer && serviceType == typeof(ISessionBuffer) ? InnerStore.GetService(serviceType) : null);

        public void Dispose() => IsDisposed = true;
    }
}
