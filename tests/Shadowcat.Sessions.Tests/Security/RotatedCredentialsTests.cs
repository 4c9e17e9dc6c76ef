using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>Credentials that are others after a while: they are asked for, and nothing is lost while they change.</summary>
public sealed class RotatedCredentialsTests : IAsyncLifetime
{
    private RedisServer _server = null!;
    private RedisLab _lab = null!;

    private string Place => _server.Configuration;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Otherwise whoever is refused goes on as the default user.
        _server = await RedisServer.StartDedicatedAsync("--requirepass", "admin");
        _lab = await RedisLab.OpenAsync($"{_server.Configuration},password=admin");
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("password")]
    [InlineData("account")]
    public async Task Rotation_UnderLoad_LosesNothing(string what)
    {
        const int Writers = 8;
        const int Rotations = 3;
        var vault = new Vault("app0", "secret0");
        await GrantAsync(vault.User, vault.Password);
        var services = new ServiceCollection();
        services.AddSingleton(vault);
        services.AddShadowcatSessions().UseRedis(options =>
        {
            (options.Configuration, options.KeyPrefix) = (Place, _lab.Prefix);
            options.ConfigureConnectionAsync = static (connection, provider, token) => provider.GetRequiredService<Vault>().FillAsync(connection, token);
        });
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<ISessionStore>();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        using var stop = new CancellationTokenSource();
        var written = new int[Writers];
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(store, session.Id, () => written[writer]++, stop.Token)).ToList();

        for (var i = 1; i <= Rotations; i++)
        {
            await WrittenByAllAsync(written);
            var (user, password) = what == "account" ? ($"app{i}", "secret") : (vault.User, $"secret{i}");
            await GrantAsync(user, password, what == "password" ? vault.Password : null);
            if (what == "account")
            {
                await _lab.Server.ExecuteAsync("ACL", "DELUSER", vault.User);
            }
            else
            {
                await _lab.Server.ExecuteAsync("CLIENT", "KILL", "USER", user);
            }

            // The source has the new ones only a while later: whoever was refused until then got the old ones from it once more.
            var asked = vault.Asked;
            await Poll.UntilAsync(() => Task.FromResult(vault.Asked > asked), "somebody who was refused has asked for others");
            vault.Put(user, password);
        }

        await WrittenByAllAsync(written);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var frames = await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(written.Sum(), frames.Count);
        Assert.InRange(vault.Asked, Rotations + 1, 1000);
    }

    [Fact]
    public async Task SetUp_GetsWhatWasConfiguredAndTheServices()
    {
        var vault = new Vault("app", "secret");
        await GrantAsync(vault.User, vault.Password);
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = Place,
            KeyPrefix = _lab.Prefix,
            ConfigureConnection = connection => connection.ClientName = "mine",
            ConfigureConnectionAsync = async (connection, services, token) =>
            {
                Assert.Equal("mine", connection.ClientName);
                Assert.Null(services.GetService(typeof(Vault)));
                await vault.FillAsync(connection, token);
                connection.AsyncTimeout = 1; // is not for it to say
            },
        });

        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Equal(1, vault.Asked);
    }

    [Fact]
    public async Task Source_ThatFails_FailsTheCallAndIsAskedAgain()
    {
        var asked = 0;
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = Place,
            KeyPrefix = _lab.Prefix,
            ConfigureConnectionAsync = (connection, _, _) =>
            {
                connection.Password = ++asked == 1 ? throw new IOException("nobody-may-see") : "admin";
                return ValueTask.CompletedTask;
            },
        });

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask());
        await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Contains("ConfigureConnectionAsync failed (IOException)", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-may-see", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_RefusedForLong_AreAnOutageThatSaysWhy()
    {
        var vault = new Vault("app", "wrong");
        await GrantAsync(vault.User, "right");
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = Place,
            KeyPrefix = _lab.Prefix,
            OperationTimeout = TimeSpan.FromSeconds(3),
            ConfigureConnectionAsync = (connection, _, token) => vault.FillAsync(connection, token),
        });

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CountSessionsAsync(Ct).AsTask());
        vault.Put("app", "right");

        Assert.Contains("refused the credentials", exception.Message, StringComparison.Ordinal);
        await Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask()) is null, "the right ones are taken up");
    }

    /// <summary>Appends one frame after the other. No call fails.</summary>
    private static async Task WriteAsync(ISessionStore store, SessionId id, Action acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await store.AddFrameAsync(Make.Frame(id), CancellationToken.None);
            acknowledged();
        }
    }

    /// <summary>Comes back when each writer has had a good many more of its frames acknowledged.</summary>
    private static Task WrittenByAllAsync(int[] written)
    {
        int[] before = [.. written];
        return Poll.UntilAsync(() => Task.FromResult(!before.Where((count, writer) => Volatile.Read(ref written[writer]) < count + 20).Any()), "every writer goes on");
    }

    private async Task GrantAsync(string user, string password, string? before = null) =>
        await _lab.Server.ExecuteAsync("ACL", ["SETUSER", user, "on", $">{password}", .. before is null ? (string[])[] : [$"<{before}"], "~*", .. AccessRule.AllChannels(_lab.Server.Version), "+@all"]);

    /// <summary>Where credentials are kept.</summary>
    private sealed class Vault(string user, string password)
    {
        private int _asked;

        public string User { get; private set; } = user;

        public string Password { get; private set; } = password;

        public int Asked => Volatile.Read(ref _asked);

        public void Put(string user, string password) => (User, Password) = (user, password);

        public async ValueTask FillAsync(StackExchange.Redis.ConfigurationOptions connection, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            Interlocked.Increment(ref _asked);
            (connection.User, connection.Password) = (User, Password);
        }
    }
}
