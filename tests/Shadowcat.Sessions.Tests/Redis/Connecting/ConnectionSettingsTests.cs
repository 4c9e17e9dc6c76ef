using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Security;
using Shadowcat.Sessions.Tests.Servers;
using Shadowcat.Sessions.Tests.Telemetry;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Settings of a connection that are overridden without a word, and texts that are taken for something else than they say.</summary>
public sealed class ConnectionSettingsTests
{
    private const string Password = "p4ss:w0rd@nobody/may-see";

    private static readonly string Escaped = Uri.EscapeDataString(Password);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConnectTimeout_ThatIsSaid_IsHeeded(bool inCode)
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs a redis-server on the PATH that reads certificates from a folder of the test");
        using var tls = new TlsFolder();
        await using var server = await RedisProcess.LaunchAsync(tls.Server(TlsFolder.Host));
        using var proxy = new SlowHandshakeProxy(server.Endpoint, TimeSpan.FromSeconds(1));
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = $"{proxy.Configuration},ssl=true,sslHost={TlsFolder.Host}{(inCode ? "" : ",connectTimeout=15000")}",
            ConfigureConnection = connection =>
            {
                connection.TrustIssuer(tls.AuthorityPath);
                connection.ConnectTimeout = inCode ? 15_000 : connection.ConnectTimeout;
            },
            OperationTimeout = TimeSpan.FromSeconds(5),
        });

        await store.CreateSessionAsync(Make.Session(), Ct);
    }

    [Fact]
    public async Task ConnectTimeout_ThatIsNotSaid_IsNamedWhereItIsTooShort()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs a redis-server on the PATH that reads certificates from a folder of the test");
        using var tls = new TlsFolder();
        await using var server = await RedisProcess.LaunchAsync(tls.Server(TlsFolder.Host));
        using var proxy = new SlowHandshakeProxy(server.Endpoint, TimeSpan.FromSeconds(4));
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = $"{proxy.Configuration},ssl=true,sslHost={TlsFolder.Host}",
            ConfigureConnection = connection => connection.TrustIssuer(tls.AuthorityPath),
            OperationTimeout = TimeSpan.FromSeconds(3),
        });

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.Contains(proxy.Configuration, exception.Message, StringComparison.Ordinal);
        Assert.Contains("500 ms", exception.Message, StringComparison.Ordinal);
        Assert.Contains("connectTimeout", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_ThatTheStoreMakes_AreLoggedWhereTheApplicationMadeThemOtherwise()
    {
        using var log = new CollectingLogger();
        using var store = new RedisSessionStore(
            new RedisSessionStoreOptions
            {
                Configuration = "localhost:1,abortConnect=true,asyncTimeout=1234,syncTimeout=5000,connectRetry=7,channelPrefix=mine",
                ConfigureConnection = connection => connection.BacklogPolicy = new BacklogPolicy { QueueWhileDisconnected = true },
            },
            logger: log.For<RedisSessionStore>());

        var warning = Assert.Single(log.Entries, entry => entry.Id.Name == "SettingsOverridden");

        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("abortConnect, connectRetry, asyncTimeout, channelPrefix, BacklogPolicy.", warning.Text, StringComparison.Ordinal);
        Assert.Contains("OperationTimeout", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_ThatAreAsTheStoreMakesThem_AreNotLogged()
    {
        using var log = new CollectingLogger();
        using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = "localhost:1,abortConnect=false,connectTimeout=1000,user=me,password=x" }, logger: log.For<RedisSessionStore>());

        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task Settings_OfAConnectionThatWasHandedOver_AreSaidNotToBeUsed()
    {
        using var log = new CollectingLogger();
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        await using var store = new RedisSessionStore(
            connection,
            redis: new RedisSessionStoreOptions { Configuration = "elsewhere", ConfigureConnection = _ => { }, ConfigureConnectionAsync = (_, _, _) => ValueTask.CompletedTask, ConnectionCount = 3 },
            logger: log.For<RedisSessionStore>());

        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Contains(
            "Configuration, ConfigureConnection, ConfigureConnectionAsync, ConnectionCount.", Assert.Single(log.Entries, entry => entry.Id.Name == "SettingsUnused").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://h", "h:6379", null, null, null, false)]
    [InlineData("redis://h:7/3", "h:7", null, null, 3, false)]
    [InlineData("rediss://me:p%3Aw%40@h.example:7/", "h.example:7", "me", "p:w@", null, true)]
    [InlineData("REDIS://:pw@10.0.0.1:7/0", "10.0.0.1:7", null, "pw", 0, false)]
    [InlineData("h:7,password=a://b@c", "h:7", null, "a://b@c", null, false)]
    [InlineData("h:7,user=me,password=a=b,ssl=true,defaultDatabase=2", "h:7", "me", "a=b", 2, true)]
    [InlineData("rediss://default:@[::1]", "[::1]:6379", "default", null, null, true)]
    public void Text_SaysWhatItSays(string uri, string endPoint, string? user, string? password, int? database, bool ssl)
    {
        Assert.True(RedisConfiguration.TryParse(uri, out var configuration, out _));

        Assert.Equal(endPoint, EndPointCollection.ToString(Assert.Single(configuration.EndPoints)));
        Assert.Equal((user, password, database, ssl), (configuration.User, configuration.Password, configuration.DefaultDatabase, configuration.Ssl));
    }

    [Theory]
    [InlineData("default:nobody-may-see@127.0.0.1:27002", "redis://user:password@host:port")]
    [InlineData("h1,default:nobody-may-see@127.0.0.1:27002", "redis://user:password@host:port")]
    [InlineData("redis://nobody-may-see@h", "redis://:password@host")]
    [InlineData("redis://me:nobody-may-see@h:1,ssl=true", "redis://user:password@host:port/database")]
    [InlineData("redis://me:nobody-may-see@h1,h2", "redis://user:password@host:port/database")]
    [InlineData("redis://h/mine", "the number of a database")]
    [InlineData("redis://h/0?timeout=5", "the number of a database")]
    [InlineData("redis://h/0#x", "redis://user:password@host:port/database")]
    [InlineData("http://me:nobody-may-see@h", "redis://user:password@host:port/database")]
    [InlineData("redis+sentinel://h:26379/mymaster", "redis://user:password@host:port/database")]
    [InlineData("h1,redis://me:nobody-may-see@h2", "redis://user:password@host:port")]
    [InlineData("redis://", "redis://user:password@host:port/database")]
    public async Task Text_ThatIsNotUnderstood_KeepsTheHostFromStarting(string configuration, string hint)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddShadowcatSessions().UseRedis(configuration);
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));

        Assert.Contains(hint, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-may-see", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uri_WithAPassword_ServesAndIsInNoSpan()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--requirepass", Password);
        using var spans = new Spans();
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = $"redis://default:{Escaped}@{server.Configuration.Split(',')[0]}/2" });

        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.NotEmpty(spans.All);
        Assert.All(spans.All, span => Assert.DoesNotContain("w0rd", Text(span), StringComparison.Ordinal));
        Assert.All(spans.All, span => Assert.Contains(("db.namespace", "2"), span.TagObjects.Select(tag => (tag.Key, tag.Value?.ToString()))));
    }

    [Fact]
    public void Connection_OfTheApplication_WhoseHostIsNone_IsNotNamed()
    {
        var configuration = new ConfigurationOptions { EndPoints = { { "default:nobody-may-see@127.0.0.1", 7 } } };

        Assert.Equal("unknown:7", RedisAddress.Of(configuration).EndPoint);
    }

    private static string Text(Activity span) => $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(static found => found.Tags))}";
}
