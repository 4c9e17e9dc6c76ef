using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>Settings of a configuration that are ignored, or read as something else than whoever wrote them meant.</summary>
public sealed class ConfigurationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Code_BesideASection_CountsLast()
    {
        using var provider = new ServiceCollection()
            .AddShadowcatSessions(Section(("TimeToLive", "00:10:00"), ("MaxFrameBytes", "1234"), ("Redis:Configuration", "localhost:1"), ("Redis:KeyPrefix", "p"), ("Redis:Partitions", "7")))
            .UseRedis(options => options.KeyPrefix = "q")
            .Services.Configure<SessionStoreOptions>(options => options.MaxFrameBytes = 4321).BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SessionStoreOptions>>().Value;
        var redis = provider.GetRequiredService<IOptions<RedisSessionStoreOptions>>().Value;

        Assert.Equal((TimeSpan.FromMinutes(10), 4321), (options.TimeToLive, options.MaxFrameBytes));
        Assert.Equal(("localhost:1", "q", 7), (redis.Configuration, redis.KeyPrefix, redis.Partitions));
    }

    [Fact]
    public void Section_ASecondOne_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(Section(("TimeToLive", "00:10:00")));

        var exception = Assert.Throws<InvalidOperationException>(() => services.AddShadowcatSessions(Section(("TimeToLive", "00:20:00"))));

        Assert.Contains("one section configures a store", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("24:00:00", "24 days", "24 hours", "24.00:00:00", "1.00:00:00")]
    [InlineData("36:12:30", "36 days", "36 hours", "36.12:30:00", "1.12:12:30")]
    [InlineData("5", "5 days", "5 seconds", "5.00:00:00", "00:00:05")]
    [InlineData(" 3600 ", "3600 days", "3600 seconds", "3600.00:00:00", "01:00:00")]
    public async Task Duration_ThatCanBeReadInTwoWays_KeepsTheHostFromStarting(string text, string said, string meant, string written, string otherwise)
    {
        foreach (var (register, option) in new (Action<IServiceCollection>, string)[]
        {
            (services => services.AddShadowcatSessions(Section(("TimeToLive", text))), "SessionStoreOptions.TimeToLive"),
            (services => services.AddShadowcatSessions(Section(("MaxLifetime", text))), "SessionStoreOptions.MaxLifetime"),
            (services => services.AddShadowcatSessions("named", Section(("TimeToLive", text))), "SessionStoreOptions.TimeToLive"),
            (services => services.AddShadowcatSessions(Section(("Redis:Configuration", "localhost:1"), ("Redis:ReadTimeout", text))).UseRedis(), "RedisSessionStoreOptions.ReadTimeout"),
            (services => services.AddShadowcatSessions(Section(("Caching:MaxStaleness", text))).WithCaching(), "CachedSessionStoreOptions.MaxStaleness"),
            (services => services.AddShadowcatSessions(Section(("Buffering:DrainTimeout", text))).WithBuffering(), "BufferedSessionStoreOptions.DrainTimeout"),
            (services => services.AddShadowcatSessions(Section(("HealthChecks:Timeout", text))).Services.AddHealthChecks().AddShadowcatSessions(), "SessionStoreHealthCheckOptions.Timeout"),
        })
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            register(builder.Services);
            using var host = builder.Build();

            var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));

            Assert.All([option, said, meant, written, otherwise], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("1.00:00:00", 24 * 3600)]
    [InlineData("7.12:00:00", 180 * 3600)]
    [InlineData("23:59:59", (24 * 3600) - 1)]
    [InlineData("00:00:05", 5)]
    [InlineData("02:30", 9000)]
    [InlineData("1:00:00:00", 24 * 3600)]
    public void Duration_ThatCanBeReadInOneWay_IsThat(string text, int seconds)
    {
        using var provider = new ServiceCollection().AddShadowcatSessions(Section(("TimeToLive", text))).Services.BuildServiceProvider();

        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.GetRequiredService<IOptions<SessionStoreOptions>>().Value.TimeToLive);
    }

    private static IConfigurationRoot Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
