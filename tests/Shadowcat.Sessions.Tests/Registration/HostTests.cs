using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>What runs while a host runs.</summary>
public sealed class HostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reaper_SessionsExpire_ReclaimsThemAndTellsTheListeners()
    {
        var clock = new FakeTimeProvider();
        using var log = new CollectingLogger();
        var listeners = new[] { new RecordingListener(), new RecordingListener() };
        using var host = Build(log, services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddSingleton<ISessionExpirationListener>(listeners[0]);
            services.AddSingleton<ISessionExpirationListener>(listeners[1]);
            services.AddShadowcatSessions(options => (options.TimeToLive, options.ReapInterval) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10)));
        });
        await host.StartAsync(Ct);
        var store = host.Services.GetRequiredService<ISessionStore>();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var lasting = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromHours(9) }, Ct);

        await Poll.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "SessionsReaped"));
            },
            "the reaper says what it reclaimed");

        Assert.All(listeners, listener => Assert.Equal([session.Id], listener.Notified));
        Assert.NotNull(await store.GetSessionAsync(lasting.Id, Ct));
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task Reaper_StoreFails_SaysSoOnceAndTriesAgain()
    {
        using var log = new CollectingLogger();
        await using var server = await RedisServer.StartDedicatedAsync();
        using var host = Build(log, services => services
            .AddShadowcatSessions(options => options.ReapInterval = TimeSpan.FromMilliseconds(100))
            .UseRedis(options => (options.Configuration, options.OperationTimeout) = (server.Configuration, TimeSpan.FromSeconds(1))));
        await host.StartAsync(Ct);

        await server.StopAsync();
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "ReapingFailed")), "the reaper failed");
        await server.StartAsync();
        var store = host.Services.GetRequiredService<ISessionStore>();
        await Poll.UntilAsync(
            async () => await Record.ExceptionAsync(() => store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMilliseconds(1) }, Ct).AsTask()) is null,
            "the server is found again");
        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "SessionsReaped")), "the reaper reclaims again");

        await host.StopAsync(Ct);
        Assert.Equal(LogLevel.Warning, Assert.Single(log.Entries, entry => entry.Id.Name == "ReapingFailed").Level);
        Assert.Single(log.Entries, entry => entry.Id.Name == "ReapingAgain");
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(TimeoutException))]
    public async Task Reaper_StoreThrowsWhateverItLikes_HostGoesOnAndSaysItOnce(Type failure)
    {
        using var log = new CollectingLogger();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new FailingReaping((Exception)Activator.CreateInstance(failure)!);
        using var host = Build(log, services =>
        {
            services.AddSingleton<TimeProvider>(clock).AddSingleton<ISessionStore>(store);
            services.AddShadowcatSessions();
        });
        await host.StartAsync(Ct);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        await ReapAsync(5);
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
        store.Failure = null;
        await ReapAsync(7);

        await host.StopAsync(Ct);
        Assert.Single(log.Entries, entry => entry.Id.Name == "ReapingFailed");
        Assert.Single(log.Entries, entry => entry.Id.Name == "ReapingAgain");

        Task ReapAsync(int times) => Poll.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return Task.FromResult(store.Calls >= times);
            },
            "it is reclaimed again and again");
    }

    [Fact]
    public async Task Start_OldServer_Fails()
    {
        await using var server = FakeRespServer.Start("4.0.11");
        using var host = Build(null, services => services.AddShadowcatSessions().UseRedis(server.Configuration));

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => host.StartAsync(Ct));

        Assert.Contains("4.0.11", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_LayoutDisagrees_Fails()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var first = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration, Partitions = 5 });
        await first.CountSessionsAsync(Ct);
        using var host = Build(null, services => services
            .AddShadowcatSessions().UseRedis(options => (options.Configuration, options.Partitions) = (server.Configuration, 6)));

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => host.StartAsync(Ct));

        Assert.Contains("Partitions is 6", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ServerNotThere_IsLoggedAndTheHostRuns()
    {
        using var log = new CollectingLogger();
        using var host = Build(log, services => services.AddShadowcatSessions().UseRedis(
            options => (options.Configuration, options.OperationTimeout) = ($"127.0.0.1:{LoopbackPort.NextFree()}", TimeSpan.FromSeconds(2))));

        await host.StartAsync(Ct);

        var warning = Assert.Single(log.Entries, entry => entry.Id.Name == "UnavailableAtStartup");
        Assert.Equal(LogLevel.Warning, warning.Level);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(
            () => host.Services.GetRequiredService<ISessionStore>().CountSessionsAsync(Ct).AsTask());
        await host.StopAsync(Ct);
    }

    private static IHost Build(CollectingLogger? log, Action<IServiceCollection> register)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (log is not null)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        }

        register(builder.Services);
        return builder.Build();
    }
}
