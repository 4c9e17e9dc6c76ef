namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>A server that belongs to one test, so that the test may break it.</summary>
public abstract class RedisServer : IAsyncDisposable
{
    /// <summary>The name of the environment variable that forces a kind of server.</summary>
    internal const string ForceVariable = "SHADOWCAT_TEST_SERVER";

    private protected RedisServer(int port) => Port = port;

    public abstract RedisServerKind Kind { get; }

    /// <summary>The loopback port; stays the same across <see cref="StopAsync"/> and <see cref="StartAsync"/>.</summary>
    public int Port { get; }

    /// <summary>What to give StackExchange.Redis; append <c>,password=…</c> where the arguments asked for one.</summary>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Starts a real Redis with these arguments, or skips the calling test where the machine has none, or where Garnet is under test.</summary>
    /// <param name="arguments">The server's command line, for example <c>--requirepass secret</c>.</param>
    public static async Task<RedisServer> StartDedicatedAsync(params string[] arguments)
    {
        string? forced = Environment.GetEnvironmentVariable(ForceVariable);
        SkipWithGarnet();

        if (RedisProcess.IsInstalled && forced != "container")
        {
            return await ProcessRedisServer.LaunchAsync(arguments);
        }

        try
        {
            return await ContainerRedisServer.LaunchAsync(arguments);
        }
        catch (ServerUnavailableException) when (forced != "container")
        {
            Assert.Skip("needs a real redis-server: neither a binary on the PATH nor Docker was found");
            throw;
        }
    }

    /// <summary>Skips the calling test where Garnet is under test: it needs servers of its own, and would run on the same as without Garnet.</summary>
    internal static void SkipWithGarnet() => Assert.SkipWhen(
        Environment.GetEnvironmentVariable(ForceVariable) is "garnet", "runs on a redis-server of its own, whichever other server is under test: not again with Garnet");

    /// <summary>Ends the server as a power cut would: nothing is saved, no client is notified.</summary>
    public abstract Task StopAsync();

    /// <summary>Starts the stopped server again, on the same port and folder.</summary>
    public abstract Task StartAsync();

    /// <summary>Freezes the server: connections stay open, nothing answers.</summary>
    public abstract Task PauseAsync();

    /// <summary>Lets a frozen server go on.</summary>
    public abstract Task ContinueAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Waits until the server answers; "wrong password" is an answer, "still loading" is not.</summary>
    private protected Task WaitUntilReadyAsync(Func<bool> gaveUp) => Poll.UntilAsync(
        async () => gaveUp() || await LoopbackPort.AnswersPingAsync(Port),
        $"redis-server answers on port {Port}");
}
