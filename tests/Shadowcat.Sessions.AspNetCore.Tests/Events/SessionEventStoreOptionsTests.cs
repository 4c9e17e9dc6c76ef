using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

public sealed class SessionEventStoreOptionsTests
{
    private static readonly string[] StoreNames = ["", "sessions", "events"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, null)]
    [InlineData(10_000_001, null)]
    [InlineData(1, 0)]
    [InlineData(1, 3651)]
    [InlineData(1, null, 0)]
    [InlineData(1, null, (1L << 40) + 1)]
    public void Options_OutOfBounds_AreRefused(int maxEvents, int? days, long maxBytes = 1)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithHttpTransport().WithSessionEventStore(options =>
        {
            options.MaxEvents = maxEvents;
            options.MaxBytes = maxBytes;
            options.TimeToLive = days is { } count ? TimeSpan.FromDays(count) : null;
        });
        using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SessionEventStoreOptions>>().Value);
    }

    [Fact]
    public void Registration_Twice_IsOneStore()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithHttpTransport().WithSessionEventStore().WithSessionEventStore(options => options.MaxEvents = 7).WithSessionMigration().WithSessionMigration();
        using var provider = services.BuildServiceProvider();

        Assert.IsType<SessionEventStore>(Assert.Single(provider.GetServices<ISseEventStreamStore>()));
        Assert.Equal(7, provider.GetRequiredService<IOptions<SessionEventStoreOptions>>().Value.MaxEvents);
    }

    [Fact]
    public void Registration_WithoutAStore_ThrowsWhenItIsResolved()
    {
        var services = new ServiceCollection();
        services.AddMcpServer().WithHttpTransport().WithSessionEventStore();
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<ISseEventStreamStore>());
        Assert.Contains("AddShadowcatSessions", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stores_OfMigrationAndEvents_AreTheNamedOnes()
    {
        var services = new ServiceCollection();
        services.AddMcpServer().WithHttpTransport().WithSessionMigration(storeName: "sessions").WithSessionEventStore(storeName: "events").WithSessionRecording(options => options.Tags = ["recorded"]);
        services.AddShadowcatSessions();
        services.AddShadowcatSessions("sessions", Section(("Migration:MaxStreamDuration", "00:05:00"), ("ClientLimits:MaxAnonymousSessions", "7")));
        services.AddShadowcatSessions("events", Section(("Events:MaxEvents", "8"), ("Events:TimeToLive", "00:06:00")));
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();

        await provider.GetRequiredService<MigratingSessions>().BeginAsync("id", owner: null, Client(), Ct);
        await provider.GetRequiredService<EventLog>().CreateAsync("id", owner: null, Ct);

        var stores = new[] { provider.GetRequiredService<ISessionStore>(), provider.GetRequiredKeyedService<ISessionStore>("sessions"), provider.GetRequiredKeyedService<ISessionStore>("events") };
        var counts = await Task.WhenAll(stores.Select(store => store.CountSessionsAsync(Ct).AsTask()));
        Assert.Equal([0, 1, 1], counts);
        Assert.Equal(TimeSpan.FromMinutes(5), provider.GetRequiredService<IOptions<SessionMigrationOptions>>().Value.MaxStreamDuration);
        Assert.Equal([10_000, 7, 10_000], StoreNames.Select(name => provider.GetRequiredService<IOptionsMonitor<ClientLimits>>().Get(name).MaxAnonymousSessions));
        var events = provider.GetRequiredService<IOptions<SessionEventStoreOptions>>().Value;
        Assert.Equal((8, TimeSpan.FromMinutes(6)), (events.MaxEvents, events.TimeToLive));

        // What is recorded elsewhere is another record, which says nothing of this one.
        Assert.Empty((await stores[1].ListSessionsAsync(cancellationToken: Ct).SingleAsync(Ct)).Tags);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientLimits_OfEachStore_AreThoseOfItsOwnSection(bool migrationFirst)
    {
        var services = new ServiceCollection();
        var server = services.AddMcpServer().WithHttpTransport();
        _ = migrationFirst
            ? server.WithSessionMigration(storeName: "sessions").WithSessionEventStore(storeName: "events").WithSessionRecording()
            : server.WithSessionRecording().WithSessionEventStore(storeName: "events").WithSessionMigration(storeName: "sessions");
        services.AddShadowcatSessions(Section(("ClientLimits:MaxAnonymousSessions", "9")));
        services.AddShadowcatSessions("sessions", Section(("ClientLimits:MaxAnonymousSessions", "1")));
        services.AddShadowcatSessions("events", Section(("ClientLimits:MaxAnonymousSessions", "5")));
        services.Configure<ClientLimits>("events", limits => limits.MaxAnonymousSessions = 2);
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        var (migrating, events) = (provider.GetRequiredService<MigratingSessions>(), provider.GetRequiredService<EventLog>());

        await migrating.BeginAsync("1", owner: null, Client(), Ct);
        await events.CreateAsync("1", owner: null, Ct);
        await events.CreateAsync("2", owner: null, Ct);

        Assert.Equal("MaxAnonymousSessions", (await Assert.ThrowsAsync<SessionLimitExceededException>(async () => await migrating.BeginAsync("2", owner: null, Client(), Ct))).Limit);
        Assert.Equal("MaxAnonymousSessions", (await Assert.ThrowsAsync<SessionLimitExceededException>(async () => await events.CreateAsync("3", owner: null, Ct))).Limit);
        Assert.Equal(9, provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value.ClientLimits!.MaxAnonymousSessions);
    }

    [Theory]
    [InlineData("sessions")]
    [InlineData("events")]
    [InlineData("recordings")]
    public void ClientLimits_OfAnyStoreOutOfBounds_AreRefused(string store)
    {
        var services = new ServiceCollection();
        services.AddMcpServer().WithHttpTransport().WithSessionMigration(storeName: "sessions").WithSessionEventStore(storeName: "events").WithSessionRecording(storeName: "recordings");
        foreach (var name in StoreNames.Where(name => name.Length > 0).Append("recordings"))
        {
            services.AddShadowcatSessions(name, Section(("ClientLimits:MaxAnonymousSessions", name == store ? "0" : "1")));
        }

        using var provider = services.BuildServiceProvider();

        Assert.Contains("MaxAnonymousSessions is 0", Assert.ThrowsAny<Exception>(provider.GetRequiredService<IStartupValidator>().Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registration_NamesAnotherStoreThanBefore_IsRefused()
    {
        var server = new ServiceCollection().AddMcpServer().WithHttpTransport().WithSessionMigration(storeName: "a").WithSessionEventStore(storeName: "a");

        Assert.Contains("the store 'a' before, and now with the store 'b'", Assert.Throws<InvalidOperationException>(() => server.WithSessionMigration(storeName: "b")).Message, StringComparison.Ordinal);
        Assert.Contains("SessionEventStoreOptions", Assert.Throws<InvalidOperationException>(() => server.WithSessionEventStore()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Events:MaxEvent", "Did you mean Events:MaxEvents?")]
    [InlineData("Migration:MaxStreamDuratoin", "Did you mean Migration:MaxStreamDuration?")]
    [InlineData("ClientLimits:Max", "ClientLimits:Max configures nothing")]
    public void Section_KeyThatNothingBinds_IsRefusedByName(string key, string said)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(Section((key, "1")));
        services.AddMcpServer().WithHttpTransport().WithSessionMigration().WithSessionEventStore();
        using var provider = services.BuildServiceProvider();

        Assert.Contains(said, Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ISessionStore>).Message, StringComparison.Ordinal);
    }

    private static InitializeRequestParams Client() =>
        new() { ProtocolVersion = "2025-11-25", ClientInfo = new Implementation { Name = "c", Version = "1" }, Capabilities = new ClientCapabilities() };

    private static IConfigurationRoot Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
