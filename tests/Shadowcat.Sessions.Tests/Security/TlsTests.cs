using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>Connections over TLS, and what is said where there can be none.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Password = "p4ssw0rd-nobody-may-see";

    private readonly TlsFolder _tls = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _tls.Dispose();

    [Fact]
    public async Task AuthorityTrusted_ServesOverTls()
    {
        await using var server = await StartAsync(_tls.Server(TlsFolder.Host));
        await using var store = Store(Secure(server), options => options.TrustIssuer(_tls.AuthorityPath));

        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        using var cached = new CachedSessionStore(store);
        await Poll.UntilAsync(() => Task.FromResult(cached.IsCaching), "the subscription, too, goes over TLS");

        Assert.Equal(1, (await store.GetSessionAsync(session.Id, Ct))?.FrameCount);
        Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task ClientCertificate_AskedForAndShown_Serves()
    {
        await using var server = await StartAsync(_tls.Server(TlsFolder.Host, asksClients: true));
        var (certificate, key) = _tls.Issue("client");
        await using var store = Store(Secure(server), options =>
        {
            options.TrustIssuer(_tls.AuthorityPath);
            options.SetUserPemCertificate(certificate, key);
        });

        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task AuthorityUnknown_IsSaid()
    {
        await using var server = await StartAsync(_tls.Server(TlsFolder.Host));

        var exception = await FailAsync<SessionStoreConfigurationException>(Secure(server));

        Assert.Contains($"certificate of the server {server.Endpoint} was not accepted (UntrustedRoot)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another.example", false)]
    [InlineData(TlsFolder.Host, true)]
    public async Task CertificateOfAnotherHostOrTime_IsSaid(string name, bool expired)
    {
        await using var server = await StartAsync(_tls.Server(name, expired));

        var exception = await FailAsync<SessionStoreConfigurationException>(Secure(server), options => options.TrustIssuer(_tls.AuthorityPath));

        Assert.Contains($"certificate of the server {server.Endpoint} was not accepted", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientCertificate_MissingOrOfAnotherAuthority_IsSaid(bool shown)
    {
        using var other = new TlsFolder();
        await using var server = await StartAsync(_tls.Server(TlsFolder.Host, asksClients: true));

        var exception = await FailAsync<SessionStoreConfigurationException>(Secure(server), options =>
        {
            options.TrustIssuer(_tls.AuthorityPath);
            if (shown)
            {
                var (certificate, key) = other.Issue("client");
                options.SetUserPemCertificate(certificate, key);
            }
        });

        Assert.Contains("client certificate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainClient_OnAPortForTls_IsSaid()
    {
        await using var server = await StartAsync(_tls.Server(TlsFolder.Host));

        var exception = await FailAsync<SessionStoreUnavailableException>(server.Endpoint);

        Assert.Contains("it may accept TLS only", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.OutcomeUnknown);
    }

    [Fact]
    public async Task TlsClient_OnAPlainPort_IsSaid()
    {
        await using var server = await StartAsync(tls: null);

        var exception = await FailAsync<SessionStoreUnavailableException>(Secure(server));

        Assert.Contains("not speak TLS on that port", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.OutcomeUnknown);
    }

    [Fact]
    public async Task ConfigureConnection_CannotTakeWhatPromisesRestOn()
    {
        await using var server = await StartAsync(tls: null);
        await using var store = Store(server.Endpoint, options =>
        {
            options.IncludeDetailInExceptions = true;
            options.ChannelPrefix = RedisChannel.Literal("mine:");
            options.AbortOnConnectFail = true;
            options.DefaultDatabase = 3;
        });
        using var cached = new CachedSessionStore(store);

        await Poll.UntilAsync(() => Task.FromResult(cached.IsCaching), "changes are received");
        await store.CreateSessionAsync(Make.Session(), Ct);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        Assert.NotEqual(0, (long)await connection.GetDatabase(3).ExecuteAsync("DBSIZE"));
    }

    private static Task<RedisProcess> StartAsync(ServerTls? tls)
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs a redis-server on the PATH that reads certificates from a folder of the test");
        return RedisProcess.LaunchAsync(tls);
    }

    private static string Secure(RedisProcess server) => $"{server.Endpoint},ssl=true,sslHost={TlsFolder.Host}";

    private static RedisSessionStore Store(string configuration, Action<ConfigurationOptions>? configure = null) => new(new RedisSessionStoreOptions
    {
        Configuration = configuration,
        ConfigureConnection = configure,
        OperationTimeout = TimeSpan.FromSeconds(20),
    });

    private static async Task<TException> FailAsync<TException>(string configuration, Action<ConfigurationOptions>? configure = null)
        where TException : SessionStoreException
    {
        await using var store = Store($"{configuration},password={Password}", configure);
        var exception = await Assert.ThrowsAsync<TException>(() => store.GetSessionAsync(SessionId.New(), Ct).AsTask());
        Assert.DoesNotContain(Password, exception.ToString(), StringComparison.Ordinal);
        return exception;
    }
}
