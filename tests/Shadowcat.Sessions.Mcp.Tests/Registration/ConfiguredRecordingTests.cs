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
    [InlineData(true)]
    [InlineData(false)]
    public void Section_BindsEveryOption(bool byTheApplication)
    {
        var section = Section(
            ("MaxQueuedMessages", "11"), ("MaxQueuedBytes", "10000000"), ("WhenFull", "Wait"), ("WriteDelay", "00:00:00.012"), ("MaxFrameBytes", "13"), ("Tags:0", "a"), ("Tags:1", "b"), ("TimeToLive", "1.00:00:00"),
            ("IdleTimeout", "00:14:00"), ("MaxOpenSessions", "15"), ("DrainTimeout", "00:00:16"), ("CloseOnShutdown", "false"), ("SessionsMigrate", "true"), ("RedactionTimeout", "00:00:17"));
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        _ = byTheApplication
            ? services.AddMcpServer().WithSessionRecording().Services.Configure<SessionRecordingOptions>(section)
            : services.AddMcpServer().WithSessionRecording(section).Services;
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value;

        Assert.Equal((11, 10_000_000L, RecordingOverflow.Wait, 13), (options.MaxQueuedMessages, options.MaxQueuedBytes, options.WhenFull, options.MaxFrameBytes));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(12), TimeSpan.FromDays(1), TimeSpan.FromMinutes(14), TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(17)),
            (options.WriteDelay, options.TimeToLive!.Value, options.IdleTimeout, options.DrainTimeout, options.RedactionTimeout));
        Assert.Equal((15, false, true), (options.MaxOpenSessions, options.CloseOnShutdown, options.SessionsMigrate));
        Assert.Equal(["a", "b"], options.Tags);
    }

    [Fact]
    public void Duration_ThatCanBeReadInTwoWays_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithSessionRecording(Section(("TimeToLive", "24:00:00")));
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
