using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Shadowcat.Sessions.Aspire;
using Shadowcat.Sessions.Tests.Documents;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Aspire;

/// <summary>The client integration: what one line registers, and what the settings switch off.</summary>
public sealed class SessionsClientTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly RedisFixture _redis = redis;

    [Fact]
    public async Task AddClient_ConnectionByName_StoresAndIsHealthyAndObserved()
    {
        var (builder, spans, metrics) = NewBuilder(("ConnectionStrings:sessions", _redis.Configuration), ("Aspire:Shadowcat:Sessions:Options:Redis:KeyPrefix", Lab.Prefix));
        builder.AddShadowcatSessionsClient("sessions");

        using (var host = builder.Build())
        {
            await host.StartAsync(Ct);
            var session = await host.Services.GetRequiredService<ISessionStore>().CreateSessionAsync(Make.Session(), Ct);
            Assert.NotNull(await Lab.Store().GetSessionAsync(session.Id, Ct));
            Assert.Equal("shadowcat-sessions", Assert.Single((await CheckAsync(host)).Entries).Key);
            await host.StopAsync(Ct);
        }

        Assert.Contains(spans, span => (string?)span.GetTagItem("db.operation.name") == Operations.CreateSession && span.Source.Name == SessionTelemetry.ActivitySourceName);
        Assert.Contains("db.client.operation.duration", metrics.Select(static metric => metric.Name));
    }

    [Fact]
    public async Task AddClient_WithAndWithoutAKey_AreTwoStores()
    {
        var (builder, _, _) = NewBuilder(
            ("ConnectionStrings:sessions", _redis.Configuration),
            ("ConnectionStrings:archive", _redis.Configuration),
            ("Aspire:Shadowcat:Sessions:Options:TimeToLive", "02:00:00"),
            ("Aspire:Shadowcat:Sessions:archive:Options:Redis:KeyPrefix", Lab.Prefix + "-archive"));
        builder.AddShadowcatSessionsClient("sessions", configureOptions: options => options.KeyPrefix = Lab.Prefix).WithCaching();
        builder.AddKeyedShadowcatSessionsClient("archive");
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var (sessions, archive) = (host.Services.GetRequiredService<ISessionStore>(), host.Services.GetRequiredKeyedService<ISessionStore>("archive"));

        var session = await sessions.CreateSessionAsync(Make.Session(), Ct);

        Assert.IsType<CachedSessionStore>(sessions);
        Assert.Null(await archive.GetSessionAsync(session.Id, Ct));
        Assert.Equal(TimeSpan.FromHours(2), host.Services.GetRequiredService<IOptions<SessionStoreOptions>>().Value.TimeToLive);
        Assert.Equal(["shadowcat-sessions", "shadowcat-sessions-archive"], (await CheckAsync(host)).Entries.Keys.Order(StringComparer.Ordinal));
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task AddClient_NoConnectionString_SaysWhichKeyIsMissing()
    {
        var (builder, _, _) = NewBuilder();
        builder.AddShadowcatSessionsClient("sessions");
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Ct));

        Assert.Contains("'ConnectionStrings:sessions' is missing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddClient_EverythingDisabled_IsTheStoreAlone()
    {
        var (builder, spans, metrics) = NewBuilder(
            ("Aspire:Shadowcat:Sessions:ConnectionString", _redis.Configuration),
            ("Aspire:Shadowcat:Sessions:DisableHealthChecks", "true"),
            ("Aspire:Shadowcat:Sessions:sessions:DisableTracing", "true"));
        builder.AddShadowcatSessionsClient("sessions", static settings => settings.DisableMetrics = true, options => options.KeyPrefix = Lab.Prefix);

        using (var host = builder.Build())
        {
            await host.StartAsync(Ct);
            await host.Services.GetRequiredService<ISessionStore>().CreateSessionAsync(Make.Session(), Ct);
            Assert.Null(host.Services.GetService<HealthCheckService>());
            await host.StopAsync(Ct);
        }

        Assert.Empty(spans);
        Assert.Empty(metrics);
    }

    [Fact]
    public void AddClient_Twice_IsRefused()
    {
        var (builder, _, _) = NewBuilder();
        builder.AddShadowcatSessionsClient("sessions");
        builder.AddKeyedShadowcatSessionsClient("archive");

        Assert.StartsWith("AddShadowcatSessionsClient was called before", Assert.Throws<InvalidOperationException>(() => builder.AddShadowcatSessionsClient("others")).Message, StringComparison.Ordinal);
        Assert.StartsWith("AddKeyedShadowcatSessionsClient(\"archive\") was called before", Assert.Throws<InvalidOperationException>(() => builder.AddKeyedShadowcatSessionsClient("archive")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_Settings_AreWhatIsRegistered()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Document.Read("src/Shadowcat.Sessions.Aspire/README.md").Blocks("json").Single())));
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:sessions", (string?)"localhost"), KeyValuePair.Create("ConnectionStrings:archive", (string?)"localhost")]);
        // <aspire>
        builder.AddShadowcatSessionsClient("sessions");
        // </aspire>
        // <aspire-keyed>
        builder.AddKeyedShadowcatSessionsClient("archive").WithCaching();       // [FromKeyedServices("archive")] ISessionStore store
        // </aspire-keyed>
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptionsMonitor<SessionStoreOptions>>();
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(30)), (options.CurrentValue.TimeToLive, options.Get("archive").TimeToLive));
        Assert.Equal("archive", host.Services.GetRequiredService<IOptionsMonitor<RedisSessionStoreOptions>>().Get("archive").KeyPrefix);
        Assert.Equal(["shadowcat-sessions"], host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(static registration => registration.Name));
        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.NotNull(host.Services.GetService<MeterProvider>());
    }

    [Fact]
    public void Settings_ConnectionStringByName_ComesBeforeTheSection()
    {
        var (builder, _, _) = NewBuilder(("ConnectionStrings:sessions", "by-name:1"), ("Aspire:Shadowcat:Sessions:ConnectionString", "by-section:1"));
        ShadowcatSessionsClientSettings? read = null;

        builder.AddShadowcatSessionsClient("sessions", settings => read = settings);

        Assert.Equal(("by-name:1", false, false, false), (read!.ConnectionString, read.DisableHealthChecks, read.DisableTracing, read.DisableMetrics));
    }

    /// <summary>An application with a configuration, whose telemetry is kept.</summary>
    private static (HostApplicationBuilder Builder, List<Activity> Spans, List<Metric> Metrics) NewBuilder(params (string Key, string Value)[] values)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(values.Select(static value => KeyValuePair.Create(value.Key, (string?)value.Value)));
        var (spans, metrics) = (new List<Activity>(), new List<Metric>());
        builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddInMemoryExporter(spans)).WithMetrics(meters => meters.AddInMemoryExporter(metrics));
        return (builder, spans, metrics);
    }

    private static Task<HealthReport> CheckAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);
}
