using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Health;

/// <summary>The health of the store among the health checks of an application.</summary>
public sealed class HealthCheckTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Name = "shadowcat-sessions";

    private static readonly string Nowhere = $"127.0.0.1:{LoopbackPort.NextFree()},password=secret";

    [Fact]
    public async Task AddShadowcatSessions_InMemory_IsHealthy()
    {
        await using var provider = new ServiceCollection().AddLogging().AddShadowcatSessions().WithCaching()
            .Services.AddHealthChecks().AddShadowcatSessions(tags: ["ready"]).Services.BuildServiceProvider();

        var report = await CheckAsync(provider);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        var (name, entry) = Assert.Single(report.Entries);
        Assert.Equal((Name, null, null), (name, entry.Description, entry.Exception));
        Assert.Equal(["ready"], entry.Tags);
        Assert.Equal(true, entry.Data["writable"]);
    }

    [Fact]
    public async Task AddShadowcatSessions_OnRedis_IsHealthy()
    {
        await using var provider = new ServiceCollection().AddLogging()
            .AddShadowcatSessions().UseRedis(_ => Lab.Connection, options => options.KeyPrefix = Lab.Prefix)
            .Services.AddHealthChecks().AddShadowcatSessions(Patient).Services.BuildServiceProvider();

        var report = await CheckAsync(provider);

        Assert.Equal((HealthStatus.Healthy, "redis"), (report.Status, report.Entries[Name].Data["store"]));
    }

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task Store_ThatDoesNotServe_IsReportedAsAskedForAndNamesNothing(HealthStatus? asked, HealthStatus reported)
    {
        await using var provider = new ServiceCollection().AddLogging()
            .AddShadowcatSessions().UseRedis(options => (options.Configuration, options.OperationTimeout) = (Nowhere, TimeSpan.FromSeconds(1)))
            .Services.AddHealthChecks().AddShadowcatSessions(name: "sessions", failureStatus: asked).Services.BuildServiceProvider();

        var entry = (await CheckAsync(provider)).Entries["sessions"];

        Assert.Equal((reported, null), (entry.Status, entry.Exception));
        Assert.NotEmpty(entry.Description!);
        Assert.DoesNotContain("127.0.0.1", entry.Description + string.Join(' ', entry.Data), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", entry.Description + string.Join(' ', entry.Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_ThatIsSlow_IsDegraded()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await using var provider = new ServiceCollection().AddLogging()
            .AddShadowcatSessions().UseRedis(_ => lab.Connection)
            .Services.AddHealthChecks()
            .AddShadowcatSessions(Patient, "lenient")
            .AddShadowcatSessions(options => (options.Timeout, options.DegradedLatency) = (Poll.DefaultDeadline, TimeSpan.FromMilliseconds(1)), "strict")
            .Services.BuildServiceProvider();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(provider)).Entries["lenient"].Status);

        await lab.Server.ExecuteAsync("CLIENT", "PAUSE", "1000", "WRITE");
        var report = await CheckAsync(provider);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (report.Entries["lenient"].Status, report.Entries["strict"].Status));
        Assert.StartsWith("The store is slow: a probe took ", report.Entries["strict"].Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 500)]
    [InlineData(2000, 0)]
    public async Task Options_OutOfBounds_FailTheStart(int timeout, int degraded)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddShadowcatSessions();
        builder.Services.AddHealthChecks().AddShadowcatSessions(options =>
            (options.Timeout, options.DegradedLatency) = (TimeSpan.FromMilliseconds(timeout), TimeSpan.FromMilliseconds(degraded)));
        using var host = builder.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));
    }

    private static void Patient(SessionStoreHealthCheckOptions options) =>
        (options.Timeout, options.DegradedLatency) = (Poll.DefaultDeadline, TimeSpan.FromMinutes(10));

    private static Task<HealthReport> CheckAsync(IServiceProvider provider) => provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);
}
