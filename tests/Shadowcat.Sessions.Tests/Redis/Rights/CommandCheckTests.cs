using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shadowcat.Sessions.Tests.Security;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What an account may not do, or a server does not have, is said by name before a session is touched, and never called healthy.</summary>
public sealed class CommandCheckTests : IAsyncLifetime
{
    private RedisServer _server = null!;
    private RedisLab _lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartDedicatedAsync();
        _lab = await RedisLab.OpenAsync(_server.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Account_WithoutOneCommand_IsToldWhichWhateverItIs()
    {
        var before = await _lab.DumpAsync();
        foreach (var command in StoreCommands.Names.Except(StoreCommands.Optional))
        {
            await using var store = await StoreAsync(["-" + command.ToLowerInvariant()]);

            var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask());

            Assert.Contains($" {command}", exception.Message, StringComparison.Ordinal);
            Assert.Contains("NOPERM", exception.Message, StringComparison.Ordinal);
            Assert.Contains(_server.Configuration, exception.Message, StringComparison.Ordinal);
            var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
            Assert.Equal((HealthStatus.Unhealthy, false), (health.Status, health.Facts["writable"]));
            Assert.Contains($" {command}", health.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", health.ToString(), StringComparison.Ordinal);
            var after = (await _lab.DumpAsync()).Where(line => !line.StartsWith(_lab.Record.ToString(), StringComparison.Ordinal));
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public async Task Account_ThatMayOnlyRead_ReadsAndIsRefusedEveryWriteBeforeItIsSent()
    {
        var writer = _lab.Store();
        var session = await writer.CreateSessionAsync(Make.Session(), Ct);
        await writer.AddFrameAsync(Make.Frame(session.Id), Ct);
        await using var store = await StoreAsync(["-@write"]);
        var before = await _lab.DumpAsync();

        Assert.Equal(session.Id, (await store.GetSessionAsync(session.Id, Ct))!.Id);
        Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
        Assert.Single(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        foreach (var operation in new[] { "CreateSession", "UpdateSession", "DeleteSession", "TouchSession", "AddFrame", "AddFrames", "DeleteFrames", "ReapExpiredSessions" })
        {
            var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => FaultTests.Calls[operation](store, session.Id));
            Assert.Contains("HSET", exception.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.ConnectAsync(Ct).AsTask());
        Assert.Equal(before, await _lab.DumpAsync());

        await GrantAsync();
        Assert.Equal(1, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task Account_WithoutSeveral_IsToldAllOfThemAtOnce()
    {
        await using var store = await StoreAsync(["-rename", "-unlink", "-zcount", "-rpushx", "-hset"]);

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.Contains("HSET, RENAME, RPUSHX, UNLINK, ZCOUNT", exception.Message, StringComparison.Ordinal);
        Assert.Contains("+hset +rename +rpushx +unlink +zcount", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_WithoutScriptAndEvalsha_SendsScriptsWithTheirText()
    {
        await using var store = await StoreAsync(["-evalsha", "-script"]);

        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Status);
    }

    [Fact]
    public async Task Account_WithoutEvalsha_WorksWithScriptSwitchedOff()
    {
        await using var store = await StoreAsync(["-evalsha"], ",$SCRIPT=");

        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task Account_WithoutPublish_WorksWhereNothingIsPublished()
    {
        await GrantAsync("-publish");
        var store = _lab.Store($"{_server.Configuration},user=limited,password=pass", configure: redis => redis.PublishChanges = false);

        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task Account_ThatLosesARight_IsNoLongerHealthy()
    {
        await using var store = await StoreAsync(["+@all"]);
        Assert.Equal(HealthStatus.Healthy, (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Status);

        await GrantAsync("-hset");

        var health = await store.CheckHealthAsync(Poll.DefaultDeadline, Ct);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(" HSET", health.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EVALSHA")]
    [InlineData("EVAL")]
    [InlineData("RPUSHX")]
    [InlineData("EXISTS")]
    [InlineData("HMGET")]
    public async Task CommandMap_WithoutOne_IsNoBrokenConnection(string command)
    {
        var store = _lab.Store($"{_server.Configuration},${command}=");

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask());

        Assert.Contains($" {command}", exception.Message, StringComparison.Ordinal);
        Assert.NotEqual(HealthStatus.Healthy, (await store.CheckHealthAsync(Poll.DefaultDeadline, Ct)).Status);
    }

    [Fact]
    public async Task Server_WithoutACommand_IsToldWhich()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--rename-command", "UNLINK", "");
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = server.Configuration });

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask());

        Assert.Contains("does not have UNLINK", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Echo_NotPermitted_IsNamedAndCanBeSwitchedOff()
    {
        await using var store = await StoreAsync(["-echo"]);
        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.GetSessionAsync(SessionId.New(), Ct).AsTask());
        Assert.Contains("ECHO", exception.Message, StringComparison.Ordinal);

        await using var without = await StoreAsync(["-echo"], ",$ECHO=");
        Assert.Null(await without.GetSessionAsync(SessionId.New(), Ct));
    }

    private async Task<RedisSessionStore> StoreAsync(string[] rights, string configuration = "")
    {
        await GrantAsync(rights);
        return new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = $"{_server.Configuration},user=limited,password=pass{configuration}",
            KeyPrefix = _lab.Prefix,
            OperationTimeout = TimeSpan.FromSeconds(20),
        });
    }

    private async Task GrantAsync(params string[] rights)
    {
        await _lab.Server.ExecuteAsync("ACL", ["SETUSER", "limited", "on", ">pass", "~*", .. AccessRule.AllChannels(_lab.Server.Version), "+@all", .. rights]);
    }
}
