using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Security;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The examples of the pages do what the pages say.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task Example_Run_PrintsTheFrame()
    {
        Assert.Equal("0 ClientToServer tools/list", (await Examples.RunAsync(new ServiceCollection())).Trim());
    }

    [Fact]
    public async Task Caching_Registered_IsInFrontOfTheStore()
    {
        var services = new ServiceCollection();
        Examples.RegisterCached(services);
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
    }

    [Fact]
    public async Task SeveralStores_Registered_AreEachByTheirName()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddDataProtection().UseEphemeralDataProtectionProvider();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Shadowcat:Archive:Redis:Configuration", "localhost:1")]).Build();
        Examples.RegisterSeveral(services, configuration);
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
        Assert.IsType<ProtectedSessionStore>(provider.GetRequiredKeyedService<ISessionStore>("archive"));
    }

    [Fact]
    public async Task OwnDecorator_Registered_IsOutermost()
    {
        var services = new ServiceCollection();
        Examples.RegisterOwn(services);
        await using var provider = services.BuildServiceProvider();

        var store = provider.GetRequiredService<ISessionStore>();
        Assert.IsAssignableFrom<DelegatingSessionStore>(store);
        Assert.Null(store.GetService<CachedSessionStore>());
    }

    [Fact]
    public async Task Buffering_Used_StoresWhatWasAccepted()
    {
        Assert.Equal("Passing, 0 frames wait", (await Examples.AcceptAsync(new ServiceCollection())).Trim());
    }

    [Fact]
    public async Task Archive_ExportedAndImported_IsInTheOtherStore()
    {
        var (store, other) = (new InMemorySessionStore(), new InMemorySessionStore());
        var session = await Archived.RecordedAsync(store, frames: 3);
        var path = Path.GetTempFileName();
        try
        {
            var printed = await Examples.ArchiveAsync(store, session, other, path);

            Assert.Equal($"1 sessions, 3 frames, {new FileInfo(path).Length} bytes", printed.Trim());
            Assert.Equal(3, await other.CountFramesAsync(session.Id, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AccessRule_OfThePage_IsTheOneThatTheSuiteRunsUnder()
    {
        foreach (var channels in new[] { true, false })
        {
            Assert.Contains(string.Join('\n', AccessRule.Lines("shadowcat", channels).Select(line => "  " + line)) + "\n```", Page(), StringComparison.Ordinal);
        }

        Assert.Contains($"`{AccessRule.Granted(AccessRule.ClusterCommands)}`", Page(), StringComparison.Ordinal);
        Assert.Contains(string.Join('\n', AccessRule.OnSentinels.Select(line => "  " + line)) + "\n```", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erasure_OfAnOwner_LeavesTheOthers()
    {
        var store = new InMemorySessionStore();
        var (alice, bob) = (new SessionOwner("sub", "alice", "issuer"), new SessionOwner("sub", "bob", "issuer"));
        await store.CreateSessionAsync(Make.Session() with { Owner = alice }, TestContext.Current.CancellationToken);
        var others = await store.CreateSessionAsync(Make.Session() with { Owner = bob }, TestContext.Current.CancellationToken);

        Assert.Equal(1, await Examples.EraseAsync(store, alice, TestContext.Current.CancellationToken));
        Assert.Equal([others.Id], await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).Select(static session => session.Id).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Owned_ByAnother_IsAbsent()
    {
        var store = new InMemorySessionStore();
        var session = await store.CreateSessionAsync(Make.Session() with { Owner = new SessionOwner("sub", "alice", "issuer") }, TestContext.Current.CancellationToken);

        Assert.NotNull(await Examples.GetOwnedAsync(store, session.Id, Principal("alice"), TestContext.Current.CancellationToken));
        Assert.Null(await Examples.GetOwnedAsync(store, session.Id, Principal("bob"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Errors_OfASessionThatHasEnded_AreNamed() => Assert.Equal(
        "the session has ended",
        await Examples.HandleAsync(new InMemorySessionStore(), Make.Frame(SessionId.New()), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Telemetry_Registered_HasTheHealthCheck()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddShadowcatSessions();
        Examples.RegisterTelemetry(services);
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, Assert.Single(report.Entries).Value.Status);
    }

    [Fact]
    public void Garnet_Embedded_IsWhereTheStoreConnects()
    {
        var services = new ServiceCollection();

        Examples.RegisterEmbedded(services);

        using var provider = services.BuildServiceProvider();
        Assert.StartsWith("127.0.0.1:", provider.GetRequiredService<IOptions<RedisSessionStoreOptions>>().Value.Configuration, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stores_WithoutRegistration_AreMade()
    {
        var path = Path.Combine(Path.GetTempPath(), $"shadowcat-{Guid.NewGuid():N}.db");
        await using var connection = await ConnectionMultiplexer.ConnectAsync("localhost:1,abortConnect=false,connectTimeout=1,connectRetry=0");

        // None of them connects before it is asked for something.
        await Examples.MakeAsync(path, connection);

        Assert.False(File.Exists(path));
    }

    private static ClaimsPrincipal Principal(string name) => new(new ClaimsIdentity([new Claim("sub", name, null, "issuer")], "test"));

    private static string Page() => Document.Read("docs/redis.md").Text;
}
