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
    public void UseRedis_Section_HeedsWhatEveryStoreIsToldToo()
    {
        using var provider = new ServiceCollection()
            .AddShadowcatSessions(options => (options.TimeToLive, options.MaxFrameBytes) = (TimeSpan.FromMinutes(1), 4321))
            .UseRedis(Section(("Configuration", "localhost:1"), ("KeyPrefix", "p"), ("TimeToLive", "00:10:00"), ("MaxFramesPerSession", "30")))
            .Services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SessionStoreOptions>>().Value;

        Assert.Equal((TimeSpan.FromMinutes(10), 30L, 4321), (options.TimeToLive, options.MaxFramesPerSession, options.MaxFrameBytes));
        Assert.Equal("p", provider.GetRequiredService<IOptions<RedisSessionStoreOptions>>().Value.KeyPrefix);
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
            (services => services.AddShadowcatSessions().UseRedis(Section(("Configuration", "localhost:1"), ("TimeToLive", text))), "SessionStoreOptions.TimeToLive"),
            (services => services.AddShadowcatSessions().UseRedis(Section(("Configuration", "localhost:1"), ("ReadTimeout", text))), "RedisSessionStoreOptions.ReadTimeout"),
            (services => services.AddShadowcatSessions().WithCaching(Section(("MaxStaleness", text))), "CachedSessionStoreOptions.MaxStaleness"),
            (services => services.AddShadowcatSessions().WithBuffering(Section(("DrainTimeout", text))), "BufferedSessionStoreOptions.DrainTimeout"),
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
