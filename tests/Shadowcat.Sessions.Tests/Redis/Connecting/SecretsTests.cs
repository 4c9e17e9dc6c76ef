using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Passwords are nowhere but in the options; session ids and payloads are in no log.</summary>
public sealed class SecretsTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Password = "p4ssw0rd-nobody-may-see";

    private readonly RedisFixture _redis = redis;

    [Theory]
    [InlineData("wrong password")]
    [InlineData("no such user")]
    [InlineData("nobody listens")]
    [InlineData("nobody answers")]
    [InlineData("old server")]
    [InlineData("right missing")]
    [InlineData("no TLS")]
    public async Task Password_WhateverFails_IsInNoExceptionAndNoLog(string failure)
    {
        using var silent = new SilentServer();
        await using var old = FakeRespServer.Start("5.0.1");
        await using var server = failure switch
        {
            "wrong password" or "no such user" or "no TLS" => await RedisServer.StartDedicatedAsync("--requirepass", "another"),
            "right missing" => await RedisServer.StartDedicatedAsync("--user", "default", "on", $">{Password}", "~*", "+@all", "-echo"),
            _ => null,
        };
        var configuration = failure switch
        {
            "nobody listens" => $"127.0.0.1:{LoopbackPort.NextFree()}",
            "nobody answers" => silent.Configuration,
            "old server" => old.Configuration,
            "no such user" => server!.Configuration + ",user=nobody",
            "no TLS" => server!.Configuration + ",ssl=true",
            _ => server!.Configuration,
        };
        using var log = new CollectingLogger();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddShadowcatSessions().UseRedis(options =>
        {
            options.Configuration = $"{configuration},password={Password}";
            options.OperationTimeout = failure == "nobody answers" ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(3);
        });
        using var host = builder.Build();

        var start = await Record.ExceptionAsync(() => host.StartAsync(Ct));
        Assert.Equal(failure == "old server", start is SessionStoreConfigurationException && start.Message.Contains("5.0.1", StringComparison.Ordinal));
        var store = host.Services.GetRequiredService<ISessionStore>();
        var calls = new List<Exception?> { start };
        for (var i = 0; i < 3; i++)
        {
            calls.Add(await Record.ExceptionAsync(() => store.GetSessionAsync(SessionId.New(), Ct).AsTask()));
            calls.Add(await Record.ExceptionAsync(() => store.AddFrameAsync(Make.Frame(SessionId.New()), Ct).AsTask()));
            calls.Add(await Record.ExceptionAsync(() => store.CountSessionsAsync(Ct).AsTask()));
        }

        await host.StopAsync(Ct);

        Assert.All(calls.Skip(1), exception => Assert.IsAssignableFrom<SessionStoreException>(exception));
        Assert.All(calls.OfType<Exception>(), exception => Assert.DoesNotContain(Password, Everything(exception), StringComparison.Ordinal));
        Assert.NotEmpty(log.Entries);
        Assert.All(log.Entries, entry => Assert.DoesNotContain(Password, entry.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost:6379,password=" + Password + ",nonsense=1")]
    [InlineData("password=" + Password)]
    [InlineData("localhost:6379,password=" + Password + ",connectTimeout=soon")]
    public void Password_InAConfigurationThatIsNone_IsInNoMessage(string configuration)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => new RedisSessionStore(new RedisSessionStoreOptions { Configuration = configuration }));

        Assert.Contains("RedisSessionStoreOptions.Configuration", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, Everything(exception), StringComparison.Ordinal);
    }

    [Fact]
    public void Password_InOptions_IsNotInTheirText()
    {
        var options = new RedisSessionStoreOptions { Configuration = $"localhost:6379,password={Password}" };

        Assert.DoesNotContain(Password, Convert.ToString((object)options, null)!, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, Convert.ToString((object)new RedisSessionStore(options), null)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdsAndPayloads_WhateverHappens_AreInNoLog()
    {
        using var log = new CollectingLogger();
        var id = new SessionId("id-nobody-may-see");
        var fleeting = new SessionId("fleeting-id-nobody-may-see");
        const string Payload = "payload-nobody-may-see";
        await using var store = new RedisSessionStore(
            Lab.Connection,
            new SessionStoreOptions { MaxFrameBytes = 1000 },
            new RedisSessionStoreOptions { KeyPrefix = Lab.Prefix },
            [new ThrowingListener(inTheCall: false)],
            log.For<RedisSessionStore>());
        var session = await store.CreateSessionAsync(new Session(id, TransportType.Http), Ct);
        await store.AddFrameAsync(Make.Frame(id, System.Text.Encoding.UTF8.GetBytes(Payload)), Ct);
        await store.CreateSessionAsync(new Session(fleeting, TransportType.Http) { TimeToLive = TimeSpan.FromMilliseconds(1) }, Ct);
        await Poll.UntilAsync(async () => await store.GetSessionAsync(fleeting, Ct) is null, "the session has expired");

        await Poll.UntilAsync(async () => await store.ReapExpiredSessionsAsync(Ct) > 0 || log.Entries.Any(static entry => entry.Level >= LogLevel.Warning), "the session was reclaimed, its listener failed and that was logged");
        await Lab.Database.HashSetAsync(Lab.Partition.Session(id), "session", DamagedPart.Of(SessionDescription.Write(session), "tags", "[\"" + Payload + "\", 1]"));
        Assert.Empty(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        await Lab.Database.StringSetAsync(Lab.Partition.Session(id), Payload);
        Assert.Empty(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        await Assert.ThrowsAsync<SessionSerializationException>(() => store.UpdateSessionAsync(session, Ct).AsTask());

        Assert.Equal([2, 1, 1], log.Entries.Where(static entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Id.Id));
        Assert.All(log.Entries, entry => Assert.DoesNotContain("nobody-may-see", entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task IdsAndPayloads_OfAHostThatRuns_AreInNoLog()
    {
        using var log = new CollectingLogger();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services
            .AddShadowcatSessions(options => options.ReapInterval = TimeSpan.FromMilliseconds(100))
            .UseRedis(options => (options.Configuration, options.KeyPrefix) = (_redis.Configuration, Lab.Prefix));
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var store = host.Services.GetRequiredService<ISessionStore>();
        var session = await store.CreateSessionAsync(
            new Session(new SessionId("id-nobody-may-see"), TransportType.Http) { TimeToLive = TimeSpan.FromMilliseconds(50) }, Ct);

        await Poll.UntilAsync(() => Task.FromResult(log.Entries.Any(entry => entry.Id.Name == "SessionsReaped")), "the reaper says that it reclaimed a session");
        await Record.ExceptionAsync(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        await host.StopAsync(Ct);

        Assert.All(log.Entries, entry => Assert.DoesNotContain("nobody-may-see", entry.Text, StringComparison.Ordinal));
    }

    /// <summary>All that a sink could make of an exception.</summary>
    private static string Everything(Exception exception) =>
        exception + string.Join('\n', exception.Data.Values.Cast<object?>()) + (exception.InnerException is { } inner ? Everything(inner) : "");
}
