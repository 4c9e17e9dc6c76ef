using Shadowcat.Sessions.Garnet;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Servers;

public sealed class EmbeddedGarnetTests
{
    [Fact]
    public async Task Start_Twice_GivesTwoServers()
    {
        using EmbeddedGarnet one = EmbeddedGarnet.Start();
        using EmbeddedGarnet other = EmbeddedGarnet.Start();
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(one.Configuration);
        using ConnectionMultiplexer otherConnection = await ConnectionMultiplexer.ConnectAsync(other.Configuration);

        await connection.GetDatabase().StringSetAsync("key", "value");

        Assert.False(await otherConnection.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task Start_Always_RunsScriptsInOneStep()
    {
        using EmbeddedGarnet garnet = EmbeddedGarnet.Start();
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(garnet.Configuration);

        RedisResult length = await connection.GetDatabase().ScriptEvaluateAsync(
            "redis.call('RPUSH', KEYS[1], ARGV[1], ARGV[2]) return redis.call('LLEN', KEYS[1])", ["key"], ["a", "b"]);

        Assert.Equal(2, (int)length);
    }

    [Fact]
    public void Start_OnATakenPort_Throws()
    {
        using EmbeddedGarnet garnet = EmbeddedGarnet.Start();

        Assert.Throws<IOException>(() => EmbeddedGarnet.Start(new EmbeddedGarnetOptions { Port = garnet.EndPoint.Port }));
    }

    [Fact]
    public async Task Dispose_Twice_FreesThePort()
    {
        EmbeddedGarnet garnet = EmbeddedGarnet.Start();
        int port = garnet.EndPoint.Port;

        garnet.Dispose();
        garnet.Dispose();

        Assert.False(await LoopbackPort.AnswersPingAsync(port));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void Port_OutOfBounds_Throws(int port)
    {
        var options = new EmbeddedGarnetOptions();

        Assert.Throws<ArgumentOutOfRangeException>(() => options.Port = port);
        Assert.Null(options.Port);
    }
}
