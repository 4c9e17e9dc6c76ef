using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>Keys of a configuration that look like settings and do nothing.</summary>
public sealed class SectionKeyTests
{
    private const string Root = "Shadowcat:Sessions:";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TimeToLeave", "TimeToLeave configures nothing: there is no such option. Did you mean Shadowcat:Sessions:TimeToLive?")]
    [InlineData("Zzz", "Zzz configures nothing: no option of this name takes such a value. Remove it.")]
    [InlineData("KeyPrefix", "KeyPrefix configures nothing: there is no such option. Did you mean Shadowcat:Sessions:Redis:KeyPrefix?")]
    [InlineData("TimeToLive:Value", "TimeToLive:Value configures nothing")]
    [InlineData("Redis:KeyPrefx", "Redis:KeyPrefx configures nothing: there is no such option. Did you mean Shadowcat:Sessions:Redis:KeyPrefix?")]
    [InlineData("Redis:ConfigureConnection", "Redis:ConfigureConnection configures nothing")]
    [InlineData("Redis:Configuration:Host", "Redis:Configuration:Host configures nothing")]
    [InlineData("Rediss:KeyPrefix", "Rediss:KeyPrefix configures nothing: no call binds the section 'Rediss' of this store. Did you mean Shadowcat:Sessions:Redis?")]
    [InlineData("Caching", "Caching configures nothing: no option of this name takes such a value. Remove it.")]
    [InlineData("Redis", "Redis configures nothing: no option of this name takes such a value. Remove it.")]
    [InlineData("Caching:Size", "Caching:Size configures nothing")]
    [InlineData("Caching:MaxStale", "Caching:MaxStale configures nothing")]
    [InlineData("Buffering:MaxBufferedFrame", "Did you mean Shadowcat:Sessions:Buffering:MaxBufferedFrames?")]
    [InlineData("Protection:ReadUnprotect", "Did you mean Shadowcat:Sessions:Protection:ReadUnprotected?")]
    [InlineData("HealthChecks:TimeOuts", "Did you mean Shadowcat:Sessions:HealthChecks:Timeout?")]
    [InlineData("Recording:WriteDelay", "Recording:WriteDelay configures nothing: no call binds the section 'Recording' of this store.")]
    public async Task Key_ThatNothingBinds_KeepsTheHostFromStarting(string key, string said)
    {
        var message = await FailureAsync((key, "nobody-may-see"));

        Assert.Contains(Root + key, message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-may-see", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_ThatNothingBinds_AreAllNamed()
    {
        var message = await FailureAsync(("TimeToLeave", "1"), ("Caching:Capacitee", "1"), ("Other:A", "1"));

        Assert.All(["TimeToLeave", "Caching:Capacitee", "Other:A"], key => Assert.Contains(Root + key, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Redis:KeyPrefix")]
    [InlineData("Caching:Capacity")]
    [InlineData("Buffering:DrainTimeout")]
    [InlineData("Protection:ReadUnprotected")]
    [InlineData("HealthChecks:Timeout")]
    public async Task Section_WhoseCallWasNotMade_KeepsTheHostFromStarting(string key)
    {
        var section = key.Split(':')[0];
        foreach (var name in new[] { null, "a" })
        {
            var message = await FailureAsync(Settings((key, "1")), (services, from) => _ = name is null ? services.AddShadowcatSessions(from) : services.AddShadowcatSessions(name, from));

            Assert.Contains($"{Root}{key} configures nothing: no call binds the section '{section}' of this store. Make the call that it is for, such as UseRedis for Redis", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Section_OfAnotherStore_IsNotThisOnes()
    {
        var message = await FailureAsync(Settings(("Caching:Capacity", "5")), (services, section) =>
        {
            services.AddShadowcatSessions(section);
            services.AddShadowcatSessions("a").WithCaching();
        });

        Assert.Contains($"{Root}Caching:Capacity", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_ThatCannotBeBound_SaysThatAlone()
    {
        var message = await FailureAsync(("Caching:Capacity", "many"));

        Assert.Contains("Capacity", message, StringComparison.Ordinal);
        Assert.DoesNotContain("configures nothing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Section_WithEmptyPartsAndOtherCase_IsBound()
    {
        var json = """{ "Sessions": { "timetolive": "00:02:00", "maxLifetime": null, "caching": {}, "Redis": { "configuration": "localhost:1", "partitions": null }, "Buffering": null } }""";
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build();
        using var provider = new ServiceCollection().AddShadowcatSessions(configuration.GetSection("Sessions")).UseRedis().WithCaching().WithBuffering().Services.BuildServiceProvider();

        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(TimeSpan.FromMinutes(2), provider.GetRequiredService<IOptionsMonitor<SessionStoreOptions>>().CurrentValue.TimeToLive);
        Assert.Equal("localhost:1", provider.GetRequiredService<IOptionsMonitor<RedisSessionStoreOptions>>().CurrentValue.Configuration);
    }

    [Fact]
    public void Section_OfAll_BindsEachOfThem()
    {
        var services = Services();
        var configuration = Settings(
            ("TimeToLive", "00:03:00"), ("Redis:Configuration", "localhost:1"), ("Redis:KeyPrefix", "p"), ("Caching:Capacity", "7"), ("Buffering:MaxBufferedBytes", "8"),
            ("Protection:ReadVersion1", "true"), ("HealthChecks:Timeout", "00:00:09"));
        services.AddShadowcatSessions("a", configuration).UseRedis().WithCaching().WithBuffering().WithDataProtection();
        services.AddHealthChecks().AddShadowcatSessions(storeName: "a");
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(TimeSpan.FromMinutes(3), Get<SessionStoreOptions>("a").TimeToLive);
        Assert.Equal("p", Get<RedisSessionStoreOptions>("a").KeyPrefix);
        Assert.Equal(7, Get<CachedSessionStoreOptions>("a").Capacity);
        Assert.Equal(8, Get<BufferedSessionStoreOptions>("a").MaxBufferedBytes);
        Assert.True(Get<ProtectedSessionStoreOptions>("a").ReadVersion1);
        Assert.Equal(TimeSpan.FromSeconds(9), Get<SessionStoreHealthCheckOptions>("shadowcat-sessions-a").Timeout);

        TOptions Get<TOptions>(string name) => provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);
    }

    private static Task<string> FailureAsync(params (string Key, string Value)[] values) => FailureAsync(Settings([("Redis:Configuration", "localhost:1"), .. values.Where(value => value.Key != "Redis:Configuration")]), (services, section) =>
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddShadowcatSessions(section).UseRedis().WithCaching().WithBuffering().WithDataProtection();
        services.AddHealthChecks().AddShadowcatSessions();
    });

    private static async Task<string> FailureAsync(IConfiguration section, Action<IServiceCollection, IConfiguration> register)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        register(builder.Services, section);
        using var host = builder.Build();
        return (await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Ct))).Message;
    }

    private static ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }

    private static IConfigurationSection Settings(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(Root + value.Key, (string?)value.Value)))
        .Build().GetSection("Shadowcat:Sessions");
}
