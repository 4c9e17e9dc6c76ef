using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary><c>UseSqlite</c> in an application.</summary>
public sealed class SqliteRegistrationTests : SqliteStoreTest
{
    private const string Secret = "nobody-may-see";

    [Fact]
    public async Task UseSqlite_Path_KeepsTheSessionsThere()
    {
        SessionId id;
        await using (var provider = new ServiceCollection().AddShadowcatSessions().UseSqlite(File.Path).Services.BuildServiceProvider())
        {
            var store = Assert.IsType<SqliteSessionStore>(provider.GetRequiredService<ISessionStore>());
            Assert.Same(store, provider.GetRequiredService<SqliteSessionStore>());
            id = (await CreatedAsync(store, frames: 2)).Id;
        }

        Make.AssertNumbered(await ReadAsync(Store(), id), 0, 2);
    }

    [Fact]
    public async Task UseSqlite_StoresOfDifferentNamesAndSections_DoNotTouch()
    {
        var second = File.Path + "-b";
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["A:Sqlite:Path"] = File.Path,
            ["A:MaxFrameBytes"] = "1000",
            ["A:Caching:Capacity"] = "5",
            ["B:Sqlite:Path"] = second,
            ["B:Sqlite:Synchronous"] = "Normal",
            ["B:Sqlite:LockTimeout"] = "00:00:03",
            ["B:Buffering:DrainTimeout"] = "00:00:30",
        });
        host.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        host.Services.AddShadowcatSessions("a", host.Configuration.GetSection("A")).UseSqlite().WithCaching().WithDataProtection();
        host.Services.AddShadowcatSessions("b", host.Configuration.GetSection("B")).UseSqlite(options => options.MaxFileBytes = 1 << 24).WithBuffering();
        host.Services.AddHealthChecks().AddShadowcatSessions(storeName: "a").AddShadowcatSessions(storeName: "b");
        using var built = host.Build();
        await built.StartAsync(Ct);
        var provider = built.Services;
        var (a, b) = (provider.GetRequiredKeyedService<ISessionStore>("a"), provider.GetRequiredKeyedService<ISessionStore>("b"));
        Assert.IsType<CachedSessionStore>(a);
        Assert.IsType<BufferedSessionStore>(b);

        var session = Make.Session() with { ClientInfo = Peer.Create(Secret, "1") };
        await a.CreateSessionAsync(session, Ct);
        await a.AddFrameAsync(Make.Frame(session.Id, Encoding.UTF8.GetBytes(Secret)), Ct);
        Assert.Null(await b.GetSessionAsync(session.Id, Ct));
        await provider.GetRequiredKeyedService<ISessionBuffer>("b").AcceptSession(session).Stored;
        await b.AddFramesAsync(session.Id, [Make.Frame(session.Id, new byte[2000]), Make.Frame(session.Id)], Ct);

        Assert.Equal((1, 2), (await a.CountFramesAsync(session.Id, Ct), await b.CountFramesAsync(session.Id, Ct)));
        Assert.DoesNotContain(Secret, string.Join(' ', File.Query("SELECT description FROM sessions UNION ALL SELECT payload FROM recorded")), StringComparison.Ordinal);
        var options = provider.GetRequiredService<IOptionsMonitor<SqliteSessionStoreOptions>>().Get("b");
        Assert.Equal((second, SqliteSynchronous.Normal, TimeSpan.FromSeconds(3), 1 << 24), (options.Path, options.Synchronous, options.LockTimeout, options.MaxFileBytes));
        var health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);
        Assert.All(health.Entries.Values, entry => Assert.Equal((HealthStatus.Healthy, "sqlite", true), (entry.Status, entry.Data["store"], entry.Data["writable"])));
        await built.StopAsync(Ct);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(":memory:")]
    [InlineData("file:sessions.db")]
    [InlineData("folder/")]
    public async Task Start_NoPathOfAFile_Fails(string? path)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(builder => builder.UseSqlite(options => options.Path = path)));

        Assert.Contains("SqliteSessionStoreOptions.Path", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OptionsOutOfBounds_FailsForEach()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(builder => builder.UseSqlite(File.Path).UseSqlite(options =>
        {
            options.LockTimeout = TimeSpan.FromHours(1);
            options.MaxFileBytes = 1;
            options.Synchronous = (SqliteSynchronous)7;
        })));

        Assert.All(["LockTimeout", "MaxFileBytes", "Synchronous"], option => Assert.Contains(option, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_FileOfAnotherProgram_Fails()
    {
        File.Run("CREATE TABLE theirs (a)");

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => StartAsync(builder => builder.UseSqlite(File.Path)));

        Assert.Contains(File.Path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseSqlite_BesideAnotherStore_IsRefused() => Assert.Throws<InvalidOperationException>(
        () => new ServiceCollection().AddShadowcatSessions().UseRedis("localhost:6379").UseSqlite(File.Path));

    private static async Task StartAsync(Func<ShadowcatSessionsBuilder, ShadowcatSessionsBuilder> use)
    {
        var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        use(host.Services.AddShadowcatSessions());
        using var built = host.Build();
        await built.StartAsync(Ct);
    }
}
