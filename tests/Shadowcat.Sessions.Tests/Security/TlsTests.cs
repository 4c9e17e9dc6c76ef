using System.Globalization;
using Shadowcat.Sessions.Tests.Conformance;
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
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host));
        await using var store = Store(server.Secure, options => options.TrustIssuer(_tls.AuthorityPath));

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
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host), asksClients: true);
        var (certificate, key) = _tls.Issue("client");
        await using var store = Store(server.Secure, options =>
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
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host));

        var exception = await FailAsync<SessionStoreConfigurationException>(server.Secure);

        Assert.Contains("certificate of the server was not accepted (UntrustedRoot)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another.example", false)]
    [InlineData(TlsFolder.Host, true)]
    public async Task CertificateOfAnotherHostOrTime_IsSaid(string name, bool expired)
    {
        await using var server = await StartAsync(_tls.Issue(name, expired));

        var exception = await FailAsync<SessionStoreConfigurationException>(server.Secure, options => options.TrustIssuer(_tls.AuthorityPath));

        Assert.Contains("certificate of the server was not accepted", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientCertificate_MissingOrOfAnotherAuthority_IsSaid(bool shown)
    {
        using var other = new TlsFolder();
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host), asksClients: true);

        var exception = await FailAsync<SessionStoreConfigurationException>(server.Secure, options =>
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
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host));

        var exception = await FailAsync<SessionStoreUnavailableException>(server.SecureEndpoint);

        Assert.Contains("it may speak TLS only", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.OutcomeUnknown);
    }

    [Fact]
    public async Task TlsClient_OnAPlainPort_IsSaid()
    {
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host));

        var exception = await FailAsync<SessionStoreUnavailableException>($"{server.PlainEndpoint},ssl=true,sslHost={TlsFolder.Host}");

        Assert.Contains("not speak TLS on that port", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.OutcomeUnknown);
    }

    [Fact]
    public async Task ConfigureConnection_CannotTakeWhatPromisesRestOn()
    {
        await using var server = await StartAsync(_tls.Issue(TlsFolder.Host));
        await using var store = Store(server.PlainEndpoint, options =>
        {
            options.IncludeDetailInExceptions = true;
            options.ChannelPrefix = RedisChannel.Literal("mine:");
            options.AbortOnConnectFail = true;
            options.DefaultDatabase = 3;
        });
        using var cached = new CachedSessionStore(store);

        await Poll.UntilAsync(() => Task.FromResult(cached.IsCaching), "changes are heard");
        await store.CreateSessionAsync(Make.Session(), Ct);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.PlainEndpoint);
        Assert.NotEqual(0, (long)await connection.GetDatabase(3).ExecuteAsync("DBSIZE"));
    }

    private async Task<Server> StartAsync((string Certificate, string Key) certificate, bool asksClients = false)
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs a redis-server on the PATH that reads certificates from a folder of the test");
        var port = LoopbackPort.NextFree();
        return new Server(await RedisProcess.LaunchAsync(_tls.Arguments(port, certificate, asksClients)), port);
    }

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

    private sealed class Server(RedisProcess process, int port) : IAsyncDisposable
    {
        public string PlainEndpoint => process.Endpoint;

        public string SecureEndpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

        public string Secure => $"{SecureEndpoint},ssl=true,sslHost={TlsFolder.Host}";

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
