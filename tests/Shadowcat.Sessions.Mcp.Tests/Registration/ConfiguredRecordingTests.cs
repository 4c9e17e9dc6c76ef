using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Mcp.Tests.Servers;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>Options of a recording that do not reach it, and records that end before anybody looks at them.</summary>
public sealed class ConfiguredRecordingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 7)]
    [InlineData(true, 8)]
    public void ClientLimits_OfTheApplication_HoldForTheRecordingUnlessItHasItsOwn(bool hasItsOwn, int expected)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithSessionRecording(options => options.ClientLimits = hasItsOwn ? new ClientLimits { MaxAnonymousSessions = 8 } : null);
        services.Configure<ClientLimits>(limits => limits.MaxAnonymousSessions = 7);
        using var provider = services.BuildServiceProvider();

        Assert.Equal(expected, provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value.ClientLimits!.MaxAnonymousSessions);
    }

    [Theory]
    [InlineData("configure")]
    [InlineData("options")]
    [InlineData("neither")]
    public async Task Recorder_MadeByTheContainer_IsConfigured(string how)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddShadowcatSessions();
        _ = how switch
        {
            "configure" => services.Configure<SessionRecordingOptions>(options => options.Tags = ["mine"]),
            "options" => services.AddSingleton<IOptions<SessionRecordingOptions>>(Options.Create(new SessionRecordingOptions { Tags = ["mine"] })),
            _ => services,
        };
        services.AddSingleton<SessionRecorder>();
        await using var provider = services.BuildServiceProvider();

        var recorder = provider.GetRequiredService<SessionRecorder>();

        Assert.Equal(how == "neither" ? [] : ["mine"], recorder.Options.Tags);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("recordings")]
    public void Section_BindsEveryOption(string? storeName)
    {
        var section = Section(
            ("Recording:MaxQueuedMessages", "11"), ("Recording:MaxQueuedBytes", "10000000"), ("Recording:WhenFull", "Wait"), ("Recording:WriteDelay", "00:00:00.012"), ("Recording:MaxFrameBytes", "13"),
            ("Recording:Tags:0", "a"), ("Recording:Tags:1", "b"), ("Recording:TimeToLive", "1.00:00:00"), ("Recording:IdleTimeout", "00:14:00"), ("Recording:OpenTimeout", "00:18:00"),
            ("Recording:MaxOpenSessions", "15"), ("Recording:DrainTimeout", "00:00:16"), ("Recording:CloseOnShutdown", "false"), ("Recording:SessionsMigrate", "true"), ("Recording:RedactionTimeout", "00:00:17"),
            ("Recording:ClientLimits:MaxAnonymousSessions", "19"), ("Recording:UsesClientAddresses", "false"));
        var services = new ServiceCollection();
        services.AddMcpServer().WithSessionRecording(storeName: storeName);
        _ = storeName is null ? services.AddShadowcatSessions(section) : services.AddShadowcatSessions(storeName, section);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value;

        Assert.Equal((11, 10_000_000L, RecordingOverflow.Wait, 13), (options.MaxQueuedMessages, options.MaxQueuedBytes, options.WhenFull, options.MaxFrameBytes));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(12), TimeSpan.FromDays(1), TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(18), TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(17)),
            (options.WriteDelay, options.TimeToLive!.Value, options.IdleTimeout, options.OpenTimeout, options.DrainTimeout, options.RedactionTimeout));
        Assert.Equal(
            (15, false, true, 19, false),
            (options.MaxOpenSessions, options.CloseOnShutdown, options.SessionsMigrate, options.ClientLimits!.MaxAnonymousSessions, options.UsesClientAddresses));
        Assert.Equal(["a", "b"], options.Tags);
        Assert.NotNull(storeName is null ? provider.GetRequiredService<ISessionStore>() : provider.GetRequiredKeyedService<ISessionStore>(storeName));
    }

    [Theory]
    [InlineData("Recording:Tag:0", "Did you mean Recording:Tags?")]
    [InlineData("Recording:Tags", "Recording:Tags configures nothing: no option of this name takes such a value.")]
    [InlineData("Recording:Redactors:0", "Recording:Redactors:0 configures nothing")]
    [InlineData("Recording:ClientLimits:MaxAnonymousSession", "Did you mean Recording:ClientLimits:MaxAnonymousSessions?")]
    public void Section_KeyThatNothingBinds_IsRefusedByName(string key, string said)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(Section(("Recording:ClientLimits:MaxStoredSessions", "9"), (key, "1")));
        services.AddMcpServer().WithSessionRecording();
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ISessionStore>);

        Assert.Contains($"{key} configures nothing", exception.Message, StringComparison.Ordinal);
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Section_WithoutTheCall_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(Section(("Recording:WriteDelay", "00:00:01")));
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ISessionStore>);

        Assert.Contains("Recording:WriteDelay configures nothing: no call binds the section 'Recording' of this store.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duration_ThatCanBeReadInTwoWays_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(Section(("Recording:TimeToLive", "24:00:00")));
        services.AddMcpServer().WithSessionRecording();
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value);

        Assert.Contains("SessionRecordingOptions.TimeToLive is '24:00:00', which is 24 days, and may be meant as 24 hours; say 24.00:00:00 or 1.00:00:00.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u0007")]
    public void Tag_ThatIsNone_IsRefusedByName(string tag)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => new SessionRecorder(new InMemorySessionStore(), new SessionRecordingOptions { Tags = [tag] }));

        Assert.Contains("SessionRecordingOptions.Tags", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ByDefault_IsKeptForSevenDaysWhateverTheStoreSays()
    {
        await using var server = await RecordedServer.StartAsync(ModelContextProtocol.AspNetCore.HttpServerSessionMode.Stateful);
        await using (var client = await server.ConnectAsync("2025-11-25"))
        {
            await client.PingAsync(cancellationToken: Ct);
        }

        var session = Assert.Single(await server.GetSessionsAsync());

        Assert.Equal(TimeSpan.FromDays(7), session.TimeToLive);
        Assert.Equal(TimeSpan.FromHours(1), new SessionStoreOptions().TimeToLive);
    }

    [Theory]
    [InlineData(null, null, 7 * 24)]
    [InlineData(null, 5, 5)]
    [InlineData(3, 5, 3)]
    public async Task Record_BegunByAProxy_IsKeptAsLong(int? own, int? configured, int hours)
    {
        var store = new InMemorySessionStore();
        var options = new SessionRecordingOptions();
        options.TimeToLive = configured is { } time ? TimeSpan.FromHours(time) : options.TimeToLive;
        var session = new Session(SessionId.New(), TransportType.Stdio) { TimeToLive = own is { } life ? TimeSpan.FromHours(life) : null };
        await using (var recorder = new SessionRecorder(store, options))
        {
            recorder.Begin(session).TryRecord(MessageDirection.ClientToServer, "{}"u8.ToArray());
        }

        Assert.Equal(TimeSpan.FromHours(hours), (await store.GetSessionAsync(session.Id, Ct))!.TimeToLive);
    }

    private static IConfigurationRoot Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
