using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>What the other tests rely on when they break a server.</summary>
public sealed class RedisServerTests(RedisFixture redis)
{
    private static readonly string[] Secret = ["--requirepass", "secret"];

    [Fact]
    public async Task SharedServer_Connected_TakesWrites()
    {
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        string key = RedisFixture.NewPrefix();

        await connection.GetDatabase().StringSetAsync(key, "value", TimeSpan.FromMinutes(1));

        Assert.Equal("value", await connection.GetDatabase().StringGetAsync(key));
        Assert.True(redis.Version >= new Version(6, 0));
    }

    [Fact]
    public async Task DedicatedServer_WithPassword_RefusesAnother()
    {
        await using RedisServer server = await RedisServer.StartDedicatedAsync(Secret);

        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{server.Configuration},password=secret");
        Assert.True(connection.IsConnected);

        await Assert.ThrowsAsync<RedisConnectionException>(
            () => ConnectionMultiplexer.ConnectAsync($"{server.Configuration},password=wrong"));
    }

    [Fact]
    public async Task DedicatedServer_StoppedAndStarted_IsEmptyOnTheSamePort()
    {
        await using RedisServer server = await RedisServer.StartDedicatedAsync();
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{server.Configuration},connectRetry=10");
        await connection.GetDatabase().StringSetAsync("key", "value");

        await server.StopAsync();
        Assert.False(await LoopbackPort.AnswersPingAsync(server.Port));
        await server.StartAsync();

        using ConnectionMultiplexer again = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        Assert.False(await again.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task DedicatedServer_Paused_AnswersOnlyAfterContinue()
    {
        await using RedisServer server = await RedisServer.StartDedicatedAsync();

        await server.PauseAsync();
        Assert.False(await LoopbackPort.AnswersPingAsync(server.Port));

        await server.ContinueAsync();
        Assert.True(await LoopbackPort.AnswersPingAsync(server.Port));
    }

    [Fact]
    public async Task FakeServer_Connected_ClaimsItsVersion()
    {
        await using FakeRespServer server = FakeRespServer.Start("5.0.14");

        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);

        Assert.True(connection.IsConnected);
        Assert.Equal(new Version(5, 0, 14), connection.GetServer(connection.GetEndPoints()[0]).Version);
    }
}
