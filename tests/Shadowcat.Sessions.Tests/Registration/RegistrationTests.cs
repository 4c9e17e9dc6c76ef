using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Registration;

public sealed class RegistrationTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly RedisFixture _redis = redis;

    [Fact]
    public async Task AddShadowcatSessions_Alone_KeepsSessionsInMemory()
    {
        await using var provider = new ServiceCollection().AddShadowcatSessions().Services.BuildServiceProvider();

        var store = provider.GetRequiredService<ISessionStore>();

        Assert.IsType<InMemorySessionStore>(store);
        Assert.Same(store, provider.GetRequiredService<ISessionStore>());
        Assert.Single(provider.GetServices<IHostedService>());
    }

    [Theory]
    [InlineData("string")]
    [InlineData("action")]
    [InlineData("section")]
    [InlineData("connection")]
    public async Task UseRedis_AnyForm_KeepsSessionsThere(string form)
    {
        var services = new ServiceCollection();
        var builder = form == "section"
            ? services.AddShadowcatSessions(Section(("Redis:Configuration", _redis.Configuration), ("Redis:KeyPrefix", Lab.Prefix)))
            : services.AddShadowcatSessions();
        _ = form switch
        {
            "string" => builder.UseRedis(_redis.Configuration).UseRedis(options => options.KeyPrefix = Lab.Prefix),
            "action" => builder.UseRedis(options => (options.Configuration, options.KeyPrefix) = (_redis.Configuration, Lab.Prefix)),
            "section" => builder.UseRedis(),
            _ => builder.UseRedis(_ => Lab.Connection, options => options.KeyPrefix = Lab.Prefix),
        };
        await using (var provider = services.BuildServiceProvider())
        {
            var store = provider.GetRequiredService<ISessionStore>();
            Assert.IsType<RedisSessionStore>(store);
            Assert.Same(store, provider.GetRequiredService<RedisSessionStore>());
            var session = await store.CreateSessionAsync(Make.Session(), Ct);
            Assert.True(await Lab.Database.KeyExistsAsync(Lab.Partition.Session(session.Id)));
        }

        Assert.True(Lab.Connection.IsConnected);
        Assert.Equal(1, await Lab.Store().CountSessionsAsync(Ct));
    }

    [Fact]
    public void Section_BindsEveryOptionOfStoreAndRedis()
    {
        using var provider = new ServiceCollection()
            .AddShadowcatSessions(Section(
                ("TimeToLive", "00:10:00"), ("MaxLifetime", "1.00:00:00"), ("MaxFrameBytes", "1000"), ("MaxBatchBytes", "2000"), ("MaxFramesPerSession", "30"),
                ("MaxFramesBytesPerSession", "4000"), ("FrameOverflow", "Refuse"), ("ReapInterval", "00:00:05"),
                ("Redis:Configuration", "localhost:1"), ("Redis:KeyPrefix", "p"), ("Redis:Partitions", "7"), ("Redis:OperationTimeout", "00:00:02"), ("Redis:TombstoneTimeToLive", "00:01:00"),
                ("Redis:MaxQueuedFrames", "8"), ("Redis:MaxQueuedBytes", "9000000000"), ("Redis:QueueFullMode", "Fail"), ("Redis:PublishChanges", "false"),
                ("Redis:ReadTimeout", "00:00:03"), ("Redis:WriteTimeout", "00:00:04"), ("Redis:ListTimeout", "00:00:05"), ("Redis:ConnectionCount", "6"),
                ("Redis:MaxRetries", "7"), ("Redis:RetryDelay", "00:00:00.008"), ("Redis:BreakerEnabled", "false"), ("Redis:BreakerFailures", "9"), ("Redis:BreakerProbeInterval", "00:00:10")))
            .UseRedis()
            .Services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SessionStoreOptions>>().Value;
        Assert.Equal(
            (TimeSpan.FromMinutes(10), TimeSpan.FromDays(1), 1000, 2000, 30, 4000, FrameOverflow.Refuse, TimeSpan.FromSeconds(5)),
            (options.TimeToLive, options.MaxLifetime!.Value, options.MaxFrameBytes, options.MaxBatchBytes, (int)options.MaxFramesPerSession!, (int)options.MaxFramesBytesPerSession!, options.FrameOverflow, options.ReapInterval));
        var bound = provider.GetRequiredService<IOptions<RedisSessionStoreOptions>>().Value;
        Assert.Equal(
            ("localhost:1", "p", 7, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), false),
            (bound.Configuration, bound.KeyPrefix, bound.Partitions, bound.OperationTimeout, bound.TombstoneTimeToLive, bound.PublishChanges));
        Assert.Equal((8, 9_000_000_000, AppendQueueFullMode.Fail), (bound.MaxQueuedFrames, bound.MaxQueuedBytes, bound.QueueFullMode));
        Assert.Equal(
            (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5), 6),
            (bound.ReadTimeout!.Value, bound.WriteTimeout!.Value, bound.ListTimeout!.Value, bound.ConnectionCount));
        Assert.Equal(
            (7, TimeSpan.FromMilliseconds(8), false, 9, TimeSpan.FromSeconds(10)),
            (bound.MaxRetries, bound.RetryDelay, bound.BreakerEnabled, bound.BreakerFailures, bound.BreakerProbeInterval));
    }

    [Fact]
    public async Task Registration_Twice_DoublesNothing()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis("localhost:1").UseRedis(options => options.KeyPrefix = "p");
        services.AddShadowcatSessions(options => options.MaxFrameBytes = 5000);
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(2, provider.GetServices<IHostedService>().Count());
        Assert.IsType<RedisSessionStore>(Assert.Single(provider.GetServices<ISessionStore>()));
        var bound = provider.GetRequiredService<IOptions<RedisSessionStoreOptions>>().Value;
        Assert.Equal(("localhost:1", "p"), (bound.Configuration, bound.KeyPrefix));
    }

    [Fact]
    public async Task AddShadowcatSessions_AfterUseRedis_StaysWithRedis()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis("localhost:1");
        services.AddShadowcatSessions();
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<RedisSessionStore>(Assert.Single(provider.GetServices<ISessionStore>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WithCaching_BeforeOrAfterTheStore_IsAroundItOnce(bool before)
    {
        var services = new ServiceCollection();
        var builder = services.AddShadowcatSessions(Section(("Caching:MaxStaleness", "00:00:09"), ("Caching:MaxSessionBytes", "5000"), ("Caching:Capacity", "6")));
        if (before)
        {
            builder.WithCaching();
        }

        builder.UseRedis(options => (options.Configuration, options.KeyPrefix) = (_redis.Configuration, Lab.Prefix)).WithCaching(options => options.Capacity = 7);
        await using var provider = services.BuildServiceProvider();

        var store = Assert.IsType<CachedSessionStore>(Assert.Single(provider.GetServices<ISessionStore>()));
        var bound = provider.GetRequiredService<IOptions<CachedSessionStoreOptions>>().Value;
        Assert.Equal((7, TimeSpan.FromSeconds(9), 5000), (bound.Capacity, bound.MaxStaleness, bound.MaxSessionBytes));
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "it caches");
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(1, store.Count);
        await Lab.Store().DeleteSessionAsync(session.Id, Ct);
        await Poll.UntilAsync(async () => await store.GetSessionAsync(session.Id, Ct) is null, "a change by another store is received");
    }

    [Fact]
    public async Task WithCaching_InMemory_IsAroundIt()
    {
        await using var provider = new ServiceCollection().AddShadowcatSessions().WithCaching().Services.BuildServiceProvider();

        var store = Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Same(await store.GetSessionAsync(session.Id, Ct), await store.GetSessionAsync(session.Id, Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WithBuffering_BeforeOrAfterStoreAndCache_IsNextToTheStore(bool before)
    {
        var services = new ServiceCollection();
        var builder = services.AddShadowcatSessions(Section(("Buffering:DrainTimeout", "00:00:09"), ("Buffering:RememberedSessions", "5")));
        if (before)
        {
            builder.WithBuffering();
        }

        builder.WithCaching().UseRedis(options => (options.Configuration, options.KeyPrefix) = (_redis.Configuration, Lab.Prefix));
        builder.WithBuffering(options => options.MaxBufferedFrames = 7).WithBuffering();
        var session = Make.Session();
        Task<long> stored;
        await using (var provider = services.BuildServiceProvider())
        {
            var buffer = Assert.IsType<BufferedSessionStore>(Assert.Single(provider.GetServices<ISessionBuffer>()));
            Assert.IsType<CachedSessionStore>(Assert.Single(provider.GetServices<ISessionStore>()));
            Assert.Same(buffer, provider.GetRequiredService<ISessionBuffer>());
            var bound = provider.GetRequiredService<IOptions<BufferedSessionStoreOptions>>().Value;
            Assert.Equal((7, TimeSpan.FromSeconds(9), 5), (bound.MaxBufferedFrames, bound.DrainTimeout, bound.RememberedSessions));
            buffer.AcceptSession(session);
            stored = buffer.AcceptFrame(Make.Frame(session.Id)).Stored;
        }

        // What was accepted was stored when the provider was disposed of.
        Assert.Equal(0, await stored);
        Make.AssertNumbered(await Lab.Store().GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 1);
    }

    [Fact]
    public async Task WithBuffering_InMemory_IsAroundIt()
    {
        await using var provider = new ServiceCollection().AddShadowcatSessions().WithBuffering().Services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<ISessionStore>(), provider.GetRequiredService<ISessionBuffer>());
    }

    [Theory]
    [InlineData("MaxBufferedFrames", "0", "0 frames", "100000000 frames")]
    [InlineData("MaxBufferedBytes", "0", "0 bytes", "1099511627776 bytes")]
    [InlineData("MaxRetryDelay", "00:00:00", "00:00:00", "00:01:00")]
    [InlineData("DrainTimeout", "-00:00:01", "-00:00:01", "00:10:00")]
    [InlineData("RememberedSessions", "-1", "-1 sessions", "10000000 sessions")]
    public async Task Start_BufferingOptionOutOfBounds_FailsNamingOptionValueAndBounds(string option, string value, string shown, string bound)
    {
        await FailsAsync(services => services.AddShadowcatSessions(Section(($"Buffering:{option}", value))).WithBuffering(), $"BufferedSessionStoreOptions.{option}", shown, bound);
    }

    [Theory]
    [InlineData("Capacity", "2", "2 sessions", "10000000 sessions")]
    [InlineData("MaxStaleness", "01:00:01", "01:00:01", "01:00:00")]
    [InlineData("MaxSessionBytes", "1023", "1023 bytes", "1048576 bytes")]
    public async Task Start_CachingOptionOutOfBounds_FailsNamingOptionValueAndBounds(string option, string value, string shown, string bound)
    {
        await FailsAsync(services => services.AddShadowcatSessions(Section(($"Caching:{option}", value))).WithCaching(), $"CachedSessionStoreOptions.{option}", shown, bound);
    }

    [Theory]
    [InlineData("TimeToLive", "00:00:00", "00:00:00", "00:00:00.0010000")]
    [InlineData("TimeToLive", "-00:00:01", "-00:00:01", "3650.00:00:00")]
    [InlineData("TimeToLive", "3651.00:00:00", "3651.00:00:00", "3650.00:00:00")]
    [InlineData("MaxLifetime", "00:00:00", "00:00:00", "3650.00:00:00")]
    [InlineData("MaxFrameBytes", "0", "0 bytes", "268435456 bytes")]
    [InlineData("MaxFrameBytes", "268435457", "268435457 bytes", "268435456 bytes")]
    [InlineData("MaxBatchBytes", "1000", "1000 bytes", "4194304 bytes")]
    [InlineData("MaxFramesPerSession", "0", "0 frames", "4294967295 frames")]
    [InlineData("MaxFramesPerSession", "-1", "-1 frames", "4294967295 frames")]
    [InlineData("MaxFramesBytesPerSession", "0", "0 bytes", "1099511627776 bytes")]
    [InlineData("FrameOverflow", "7", "7", "TrimOldest or Refuse")]
    [InlineData("ReapInterval", "00:00:00.01", "00:00:00.0100000", "1.00:00:00")]
    public async Task Start_OptionOutOfBounds_FailsNamingOptionValueAndBounds(string option, string value, string shown, string bound)
    {
        await FailsAsync(services => services.AddShadowcatSessions(Section((option, value))), $"SessionStoreOptions.{option}", shown, bound);
    }

    [Theory]
    [InlineData("KeyPrefix", "", "''", "1 to 64")]
    [InlineData("KeyPrefix", "a{b}", "'a{b}'", "letters, digits")]
    [InlineData("KeyPrefix", "0123456789012345678901234567890123456789012345678901234567890123x", "x'", "1 to 64")]
    [InlineData("Partitions", "0", "0", "4096")]
    [InlineData("Partitions", "4097", "4097", "4096")]
    [InlineData("OperationTimeout", "00:00:00", "00:00:00", "00:00:00.0100000")]
    [InlineData("OperationTimeout", "00:11:00", "00:11:00", "00:10:00")]
    [InlineData("ReadTimeout", "00:00:00.001", "00:00:00.0010000", "00:00:00.0100000")]
    [InlineData("WriteTimeout", "00:11:00", "00:11:00", "00:10:00")]
    [InlineData("ListTimeout", "-00:00:01", "-00:00:01", "00:10:00")]
    [InlineData("ConnectionCount", "0", "0", "64")]
    [InlineData("ConnectionCount", "65", "65", "64")]
    [InlineData("MaxRetries", "-1", "-1", "100")]
    [InlineData("MaxRetries", "101", "101", "100")]
    [InlineData("RetryDelay", "00:00:00", "00:00:00", "00:00:00.0010000")]
    [InlineData("RetryDelay", "00:00:11", "00:00:11", "00:00:10")]
    [InlineData("BreakerFailures", "0", "0", "100000")]
    [InlineData("BreakerProbeInterval", "00:00:00.001", "00:00:00.0010000", "00:00:00.0100000")]
    [InlineData("BreakerProbeInterval", "00:02:00", "00:02:00", "00:01:00")]
    [InlineData("MaxQueuedFrames", "0", "0 frames", "10000000 frames")]
    [InlineData("MaxQueuedFrames", "10000001", "10000001 frames", "10000000 frames")]
    [InlineData("MaxQueuedBytes", "0", "0 bytes", "17179869184 bytes")]
    [InlineData("QueueFullMode", "7", "7", "Wait or Fail")]
    [InlineData("TombstoneTimeToLive", "00:00:01", "00:00:01", "00:00:05")]
    [InlineData("TombstoneTimeToLive", "2.00:00:00", "2.00:00:00", "1.00:00:00")]
    [InlineData("Configuration", "", "empty", "must say where the server is")]
    [InlineData("Configuration", "localhost,bogus=1", "not shown", "StackExchange.Redis configuration string")]
    public async Task Start_RedisOptionOutOfBounds_FailsNamingOptionValueAndBounds(string option, string value, string shown, string bound)
    {
        var section = option == "Configuration" ? Section(($"Redis:{option}", value)) : Section(("Redis:Configuration", "localhost:1"), ($"Redis:{option}", value));
        await FailsAsync(services => services.AddShadowcatSessions(section).UseRedis(), $"RedisSessionStoreOptions.{option}", shown, bound);
    }

    [Fact]
    public void UseRedis_NothingGiven_IsRefused()
    {
        var builder = new ServiceCollection().AddShadowcatSessions();

        Assert.ThrowsAny<ArgumentException>(() => builder.UseRedis(" "));
        Assert.ThrowsAny<ArgumentException>(() => builder.UseRedis((string)null!));
        Assert.ThrowsAny<ArgumentException>(() => builder.UseRedis((Action<RedisSessionStoreOptions>)null!));
        Assert.Throws<ArgumentException>(() => new RedisSessionStore(new RedisSessionStoreOptions()));
    }

    private static async Task FailsAsync(Action<IServiceCollection> register, params string[] says)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        register(builder.Services);
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));

        Assert.All(says, text => Assert.Contains(text, exception.Message, StringComparison.Ordinal));
    }

    private static IConfigurationRoot Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
